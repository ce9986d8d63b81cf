import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import * as toasts from "../parts/toasts";
import { deletedFrom, deleteForGood, moveToTrash, refresh, restore } from "./actions";

afterEach(() => vi.restoreAllMocks());

test("who stops a deletion keeps what is not begun", async () => {
  const erased: string[] = [];
  const abort = new AbortController();
  const told: number[] = [];
  const erase = (_: unknown, { params }: { params: { query: { path: string } } }) => {
    erased.push(params.query.path);
    return Promise.resolve({ response: new Response(null, { status: 200 }) });
  };
  vi.spyOn(api, "DELETE").mockImplementation(erase as never);
  const onProgress = (done: number) => {
    told.push(done);
    if (done === 6) abort.abort();
  };
  await deleteForGood(new QueryClient(), Array.from({ length: 1000 }, (_, i) => `/d/f${i}`), { signal: abort.signal, onProgress });
  expect(erased.length).toBeLessThan(6 + 4);
  expect(erased.slice(0, 2)).toEqual(["/d/f0", "/d/f1"]);
  expect(told.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("what nobody is told the progress of is done, too", async () => {
  const renamed: string[] = [];
  const answer = (data?: unknown) => Promise.resolve({ data, response: new Response(null, { status: 200 }) });
  const put = (route: string, { params }: { params: { query: { path: string } } }) => {
    if (route.endsWith("rename")) renamed.push(params.query.path);
    return answer();
  };
  vi.spyOn(api, "GET").mockImplementation((() => answer({ Path: "/d/.Trash/u" })) as never);
  vi.spyOn(api, "PUT").mockImplementation(put as never);
  expect(await moveToTrash(new QueryClient(), ["/d/a", "/d/b"])).toBe(true);
  expect(renamed.sort()).toEqual(["/d/a", "/d/b"]);
});

test("what is moved to the trash or restored twice at once is so once, and nothing is said to have failed", async () => {
  const moved: string[] = [];
  const gone = new Set<string>();
  const answer = (data?: unknown) => Promise.resolve({ data, response: new Response(null, { status: 200 }) });
  const put = (route: string, { params }: { params: { query: { path: string; destination: string } } }) => {
    if (!route.endsWith("rename")) return answer();
    const { path, destination } = params.query;
    if (gone.has(path)) return Promise.resolve({ error: { detail: "not found" }, response: new Response(null, { status: 404 }) });
    gone.add(path).delete(destination);
    moved.push(path);
    return answer();
  };
  vi.spyOn(api, "GET").mockImplementation((() => answer({ Path: "/d/.Trash/u" })) as never);
  vi.spyOn(api, "PUT").mockImplementation(put as never);
  const toast = vi.spyOn(toasts, "toast");
  const queries = new QueryClient();
  const deeds = [moveToTrash(queries, ["/d/twice"]), moveToTrash(queries, ["/d/twice", "/d/other"])];
  expect(await Promise.all(deeds)).toEqual([true, false]);
  const place = "/d/.Trash/u/Current/d/twice";
  expect(await Promise.all([restore(queries, [place]), restore(queries, [place])])).toEqual([true, false]);
  expect(await moveToTrash(queries, ["/d/twice"])).toBe(true);
  expect(moved).toEqual(["/d/twice", "/d/other", place, "/d/twice"]);
  expect(toast.mock.calls.map(([{ text }]) => text).filter((text) => text.includes("could not"))).toEqual([]);
});

test("where something was is told from its place in the present part of a trash and in any checkpoint, also the second of one second", () => {
  for (const part of ["Current", "261130150000", "261130150000-1", "261130150000-12"]) {
    expect(deletedFrom(`/user/ada/.Trash/${part}/user/ada/x`), part).toBe("/user/ada/x");
    expect(deletedFrom(`/Projects/p/.Trash/ada/${part}/Projects/p/Logs/x`), part).toBe("/Projects/p/Logs/x");
    expect(deletedFrom(`/Projects/p/.Trash/ada/${part}`), part).toBeUndefined();
  }
  for (const other of ["261130150000-", "2611301500001", "261130150000-1x", "x"]) expect(deletedFrom(`/user/ada/.Trash/${other}/user/ada/x`), other).toBeUndefined();
});

test("what is told of a trash and of storage is out of date once something was removed", () => {
  const keys = [["deleted", "/d", []], ["deletions", "/d/x"], ["sizes", "/"], ["quota", "/d"], ["project", "p"]];
  const queries = new QueryClient();
  for (const key of keys) queries.setQueryData(key, "before");
  void refresh(queries, ["/d/a"]);
  expect(keys.filter((key) => queries.getQueryState(key)?.isInvalidated !== true)).toEqual([]);
});
