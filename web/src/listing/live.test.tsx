// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { useLiveListing } from "./live";
import { useListing } from "./useListing";

vi.mock("../session", () => ({ useMe: () => ({ name: "ada", superuser: false }) }));

let root: Root | undefined;

afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const dir = "/Projects/p/a";

function Shown() {
  useListing(dir);
  useLiveListing(dir);
  return null;
}

test("a listing that was read before its feed was asked for is read again when that is open, and one that was read later is not", async () => {
  const feeds: EventTarget[] = [];
  vi.stubGlobal(
    "EventSource",
    class extends EventTarget {
      constructor() {
        super();
        feeds.push(this);
      }
      close = () => undefined;
    },
  );
  let known = (): void => undefined;
  const projects = new Promise<void>((done) => {
    known = done;
  });
  let reads = 0;
  vi.spyOn(api, "GET").mockImplementation((async (route: string) => {
    const response = new Response(null, { status: 200 });
    if (route === "/api/v1/projects") {
      await projects;
      return { data: { items: [{ name: "p" }] }, response };
    }
    reads++;
    return { data: { DirectoryListing: { partialListing: { FileStatuses: { FileStatus: [] } }, remainingEntries: 0 } }, response };
  }) as never);
  const queries = new QueryClient();
  root = createRoot(document.createElement("div"));
  root.render(<QueryClientProvider client={queries}><Shown /></QueryClientProvider>);
  await expect.poll(() => queries.getQueryState(["listing", dir])?.status).toBe("success");
  const read = queries.getQueryState(["listing", dir])?.dataUpdatedAt ?? 0;
  await expect.poll(() => Date.now()).toBeGreaterThan(read);
  known();
  await expect.poll(() => feeds.length).toBe(1);
  expect(reads).toBe(1);
  feeds[0]?.dispatchEvent(new Event("open")); // something may have happened since it was read
  await expect.poll(() => reads).toBe(2);
  await expect.poll(() => queries.isFetching()).toBe(0);
  feeds[0]?.dispatchEvent(new Event("open"));
  await new Promise((done) => setTimeout(done));
  expect([reads, queries.isFetching()]).toEqual([2, 0]);
});
