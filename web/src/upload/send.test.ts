// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { partSize, sendFile } from "./send";
import type { Upload } from "./upload";

const kept = [{ urlStorageKey: "key", uploadUrl: "/api/v1/uploads/abc" }];

vi.mock("tus-js-client", () => ({
  defaultOptions: {
    urlStorage: {
      findUploadsByFingerprint: () => Promise.resolve([...kept]),
      removeUpload: (key: string) => Promise.resolve(void kept.splice(kept.findIndex((one) => one.urlStorageKey === key), 1)),
    },
  },
}));

afterEach(() => void vi.restoreAllMocks());

test("an upload in parts that is removed while its state is looked for leaves nothing on the server", async () => {
  const file = { name: "f", size: 2 * partSize, lastModified: 1 } as File;
  const upload: Upload = { id: 1, group: 1, file, path: "/d/f", state: "sending", sent: 0, fault: "", replace: false, alone: false };
  let answer = (): void => undefined;
  const answered = new Promise<void>((done) => {
    answer = done;
  });
  const response = new Response(null, { status: 200 });
  const get = vi.spyOn(api, "GET").mockImplementation((() => answered.then(() => ({ data: { done: false }, response }))) as never);
  const end = vi.spyOn(api, "DELETE").mockImplementation((() => Promise.resolve({ response })) as never);
  const abort = new AbortController();
  const sent = sendFile(upload, () => undefined, abort.signal);
  await vi.waitFor(() => expect(get).toHaveBeenCalled());
  abort.abort("removed");
  answer();
  expect((await sent).status).toBe(0);
  expect(end).toHaveBeenCalledOnce();
  expect(end).toHaveBeenCalledWith("/api/v1/uploads/{upload}", { params: { path: { upload: "abc" } } });
  expect(kept).toEqual([]);
});
