import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { discard } from "./discard";

afterEach(() => vi.restoreAllMocks());

const root = "/Projects/p/.Trash/ada";
const current = `${root}/Current`;

interface Query {
  path: string;
  destination?: string;
}

/** A server with files and directories, which answers as Granary does where one is in the way of another. */
function serverWith(files: Set<string>, directories: Set<string>): void {
  const ancestors = (path: string) => path.split("/").slice(2).map((_, i, names) => `/${["Projects", ...names.slice(0, i)].join("/")}`);
  const refusal = (status: number, exception: string) => ({ error: { detail: exception, exception }, response: new Response(null, { status }) });
  const success = (data: unknown) => ({ data, response: new Response(null, { status: 200 }) });
  const put = (route: string, { path, destination = "" }: Query) => {
    if (route.endsWith("mkdirs")) {
      if (files.has(path)) return refusal(409, "FileAlreadyExistsException");
      if (ancestors(path).some((a) => files.has(a))) return refusal(409, "ParentNotDirectoryException");
      for (const dir of [path, ...ancestors(path)]) directories.add(dir);
      return success({});
    }
    if (files.has(destination) || directories.has(destination)) return refusal(409, "FileAlreadyExistsException");
    if (!directories.has(destination.slice(0, destination.lastIndexOf("/")))) return refusal(404, "FileNotFoundException");
    files.add(destination);
    return success(undefined);
  };
  const get = (route: string, { path }: Query) => {
    if (route.endsWith("get-trash-root")) return success({ Path: root });
    if (files.has(path) || directories.has(path)) return success({ FileStatus: { type: files.has(path) ? "FILE" : "DIRECTORY" } });
    return refusal(ancestors(path).some((a) => files.has(a)) ? 409 : 404, "FileNotFoundException");
  };
  const answer = (by: typeof put) => (route: string, init: { params: { query: Query } }) => Promise.resolve(by(route, init.params.query));
  vi.spyOn(api, "PUT").mockImplementation(answer(put) as never);
  vi.spyOn(api, "GET").mockImplementation(answer(get) as never);
}

test("what lies in a folder that is called as a file was that is in the trash goes there, too", async () => {
  const files = new Set([`${current}/Projects/p/out`]);
  serverWith(files, new Set([current, `${current}/Projects`, `${current}/Projects/p`]));
  for (const [from, to] of [["out/x", /^out\d{13}\/x$/], ["out/deep/er/y", /^out\d{13}\/deep\/er\/y$/], ["z", /^z$/]] as const) {
    const move = await discard(`/Projects/p/${from}`);
    expect(move.from).toBe(`/Projects/p/${from}`);
    expect(move.to.slice(`${current}/Projects/p/`.length)).toMatch(to);
    expect(files).toContain(move.to);
  }
});

test("what is called as something that is in the trash has the time behind its name, and another one if that is taken", async () => {
  const now = vi.spyOn(Date, "now").mockReturnValueOnce(1).mockReturnValueOnce(1).mockReturnValueOnce(2);
  serverWith(new Set([`${current}/Projects/p/x`]), new Set([`${current}/Projects/p`]));
  expect((await discard("/Projects/p/x")).to).toBe(`${current}/Projects/p/x1`);
  expect((await discard("/Projects/p/x")).to).toBe(`${current}/Projects/p/x2`);
  expect(now).toHaveBeenCalledTimes(3);
});
