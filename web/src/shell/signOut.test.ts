// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { signOut } from "./signOut";

afterEach(() => vi.restoreAllMocks());

test("who signs out of a session that has ended by itself leaves; where the server does not say, nothing has changed", async () => {
  const left = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  const answer = vi.spyOn(api, "DELETE");
  for (const [status, leaves] of [[503, 0], [401, 1], [204, 2]] as const) {
    answer.mockResolvedValue({ error: status < 300 ? undefined : {}, response: new Response(null, { status }) } as never);
    await (leaves === 0 ? expect(signOut()).rejects.toThrow() : signOut());
    expect(left).toHaveBeenCalledTimes(leaves);
  }
});
