// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { concerns } from "./live";
import { readAgain } from "./reread";
import { useListing, type Entries } from "./useListing";

afterEach(() => void vi.restoreAllMocks());

test("entries of a directory that is gone are not listed as if they were there, and those of one that cannot be read just now stay", async () => {
  let status = 200;
  const page = { DirectoryListing: { partialListing: { FileStatuses: { FileStatus: [{ pathSuffix: "a" }] } }, remainingEntries: 0 } };
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ ...(status === 200 ? { data: page } : { error: {} }), response: new Response(null, { status }) })) as never);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  let entries: Entries | undefined;
  function Shown() {
    entries = useListing("/d");
    return null;
  }
  createRoot(document.createElement("div")).render(<QueryClientProvider client={queries}><Shown /></QueryClientProvider>);
  const cases = [[200, 1, 1, true, false], [503, 1, 1, true, true], [404, 0, 0, false, true], [200, 1, 1, true, false]] as const;
  for (const [answer, ...shown] of cases) {
    status = answer;
    await readAgain(queries, "/d");
    await expect.poll(() => [entries?.items.length, entries?.total, entries?.whole, entries?.error !== null]).toEqual(shown);
  }
});

test("what could not be read is read again, and what is shown stays meanwhile", async () => {
  const asked: string[] = []; // after which name
  let away = false;
  let first = true; // then the rest cannot be read
  const read = (_: string, { params }: { params: { query: { startafter?: string } } }) => {
    const { startafter = "" } = params.query;
    asked.push(startafter);
    if (away) return Promise.resolve({ error: {}, response: new Response(null, { status: 503 }) });
    const name = startafter === "" ? "a" : "b";
    const page = { DirectoryListing: { partialListing: { FileStatuses: { FileStatus: [{ pathSuffix: name }] } }, remainingEntries: name === "a" ? 1 : 0 } };
    away = first;
    first = false;
    return Promise.resolve({ data: page, response: new Response(null, { status: 200 }) });
  };
  vi.spyOn(api, "GET").mockImplementation(read as never);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  let entries: Entries | undefined;
  const counts = new Set<number>();
  function Shown() {
    entries = useListing("/d");
    counts.add(entries.items.length);
    return null;
  }
  createRoot(document.createElement("div")).render(<QueryClientProvider client={queries}><Shown /></QueryClientProvider>);
  await expect.poll(() => [entries?.items.length, entries?.error !== null]).toEqual([1, true]);
  away = false;
  entries?.reload();
  await expect.poll(() => [entries?.whole, entries?.error]).toEqual([true, null]);
  expect(asked).toEqual(["", "a", "a"]);
  away = true;
  await readAgain(queries, "/d");
  await expect.poll(() => entries?.error !== null).toBe(true);
  away = false;
  asked.length = 0;
  counts.clear();
  entries?.reload();
  await expect.poll(() => [entries?.whole, entries?.error]).toEqual([true, null]);
  expect(asked).toEqual(["", "a"]);
  expect([...counts]).toEqual([2]);
});

test("the pictures of a directory are out of date once it was read again", async () => {
  const page = (name: string) => ({ DirectoryListing: { partialListing: { FileStatuses: { FileStatus: [{ pathSuffix: name }] } }, remainingEntries: 0 } });
  let name = "a.png";
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: page(name), response: new Response(null, { status: 200 }) })) as never);
  const queries = new QueryClient();
  let items: Entries["items"] = [];
  function Shown() {
    items = useListing("/d").items;
    return null;
  }
  createRoot(document.createElement("div")).render(<QueryClientProvider client={queries}><Shown /></QueryClientProvider>);
  await expect.poll(() => items[0]?.pathSuffix).toBe("a.png");
  await new Promise((done) => setTimeout(done)); // what is done once it is shown
  queries.setQueryData(["pictures-in", "/d"], [{ pathSuffix: "a.png" }]);
  name = "b.png"; // after it was renamed
  await readAgain(queries, "/d");
  await expect.poll(() => queries.getQueryState(["pictures-in", "/d"])?.isInvalidated).toBe(true);
  expect(items[0]?.pathSuffix).toBe("b.png");
});

test("a directory is read again for what happens to it, in it, and to those above it", () => {
  const dir = "/Projects/p/a/b";
  for (const event of [{ path: `${dir}/x` }, { path: dir }, { path: "/Projects/p/a", target: "/Projects/p/.Trash/ada/Current/Projects/p/a" }, { path: "/Projects/p/x", target: "/Projects/p/a" }]) {
    expect(concerns(dir, event), event.path).toBe(true);
  }
  for (const path of [`${dir}/x/y`, "/Projects/p/a/bc", "/Projects/p/a/c", "/Projects/pq"]) expect(concerns(dir, { path }), path).toBe(false);
});
