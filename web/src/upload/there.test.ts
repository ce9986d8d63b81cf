import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { there } from "./there";

afterEach(() => vi.restoreAllMocks());

const file = (pathSuffix: string, length: number) => ({ pathSuffix, length, type: "FILE" });

/** A server with files of ten bytes, by directory and in order. It returns what it is asked. */
function serverWith(dirs: Readonly<Record<string, readonly string[]>>): string[] {
  const asked: string[] = [];
  const answer = (route: string, { params }: { params: { query: { path: string; startafter?: string } } }) => {
    const { path, startafter } = params.query;
    asked.push(`${route.split("/").at(-1) ?? ""} ${path}`);
    const ok = (data: unknown) => Promise.resolve({ data, response: new Response(null, { status: 200 }) });
    const names = dirs[path];
    if (names !== undefined && route.endsWith("list-status-batch")) {
      const from = startafter === undefined ? 0 : names.indexOf(startafter) + 1;
      const entries = names.slice(from, from + 1000).map((name) => (`${path}/${name}` in dirs ? { pathSuffix: name, length: 0, type: "DIRECTORY" } : file(name, 10)));
      return ok({ DirectoryListing: { partialListing: { FileStatuses: { FileStatus: entries } }, remainingEntries: names.length - from - entries.length } });
    }
    const cut = path.lastIndexOf("/");
    if (names !== undefined) return ok({ FileStatus: { pathSuffix: "", length: 0, type: "DIRECTORY" } });
    if (dirs[path.slice(0, cut)]?.includes(path.slice(cut + 1))) return ok({ FileStatus: file("", 10) });
    return Promise.resolve({ error: {}, response: new Response(null, { status: 404 }) });
  };
  vi.spyOn(api, "GET").mockImplementation(answer as never);
  return asked;
}

const many = Array.from({ length: 100_000 }, (_, i) => `f${String(i).padStart(6, "0")}`);

test("of a directory that is much longer than what is sent there, only the names are asked for", async () => {
  const asked = serverWith({ "/d": [...many, "sub"], "/d/sub": ["x"] });
  const found = await there("/d", ["/d/f000001", "/d/f070000", "/d/new", "/d/sub/x", "/d/sub/y"]);
  expect([...found].sort()).toEqual([["/d/f000001", 10], ["/d/f070000", 10], ["/d/sub/x", 10]]);
  expect(asked.sort()).toEqual(["get-file-status /d/f070000", "get-file-status /d/new", "get-file-status /d/sub", "list-status-batch /d", "list-status-batch /d/sub"]);
});

test("who sends more names than a directory has pages has it listed", async () => {
  const asked = serverWith({ "/d": many });
  const names = many.slice(5_000, 5_200).map((name) => `/d/${name}`);
  expect((await there("/d", [...names, "/d/new"])).size).toBe(200);
  expect(asked.filter((question) => question.startsWith("get"))).toEqual([]);
  expect(asked).toHaveLength(100);
});
