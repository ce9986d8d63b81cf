import { afterEach, expect, test, vi } from "vitest";
import { sessionEnded } from "./client";
import { saveMade } from "./save";

afterEach(() => void vi.unstubAllGlobals());

test("what cannot be saved says why: the server's words, or that it does not answer", async () => {
  const answers: (() => Promise<Response>)[] = [];
  vi.stubGlobal("fetch", () => answers.shift()?.());
  const refused = () => Promise.resolve(Response.json({ detail: "You may not read it." }, { status: 403 }));
  answers.push(refused, refused);
  await expect(saveMade("/x")).rejects.toMatchObject({ status: 403, message: "You may not read it." });
  for (const before of [[], [refused]]) {
    answers.push(...before, () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(saveMade("/x")).rejects.toMatchObject({ status: 0, message: expect.stringContaining("does not respond") as unknown });
  }
  const ended = vi.fn();
  sessionEnded.addEventListener("ended", ended, { once: true });
  const unknown = () => Promise.resolve(Response.json({ detail: "Sign in." }, { status: 401 }));
  answers.push(unknown, unknown);
  await expect(saveMade("/x")).rejects.toMatchObject({ status: 401 });
  expect(ended).toHaveBeenCalledOnce();
});
