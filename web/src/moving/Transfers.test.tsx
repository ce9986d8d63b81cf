// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { Transfers } from "./Transfers";
import { transfers } from "./transfers";

afterEach(() => void vi.restoreAllMocks());

test("what is told of the trash, and of what is below, is out of date once something was replaced, and not for any other move", async () => {
  const taken = { error: { detail: "It is there.", exception: "FileAlreadyExistsException" }, response: new Response(null, { status: 409 }) };
  const done = { data: {}, response: new Response(null, { status: 200 }) };
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { items: [] }, response: done.response })) as never);
  vi.spyOn(api, "PUT").mockImplementation(((_: string, init: { params: { query: { path: string } } }) => Promise.resolve(init.params.query.path === "/a/x" ? taken : done)) as never);
  vi.spyOn(api, "POST").mockImplementation((() => Promise.resolve(done)) as never);
  const queries = new QueryClient();
  const keys = [["deleted", "/b", []], ["deletions", "/b"], ["directories", "/b/x"]];
  for (const key of keys) queries.setQueryData(key, []);
  const outdated = () => keys.filter((key) => queries.getQueryState(key)?.isInvalidated).length;
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  root.render(<QueryClientProvider client={queries}><Transfers /></QueryClientProvider>);
  await vi.waitFor(() => expect(api.GET).toHaveBeenCalled()); // it looks for jobs to go on with
  transfers.add("move", ["/a/y"], "/b");
  await vi.waitFor(() => expect(transfers.get()).toEqual([]), 20_000);
  expect(outdated()).toBe(0);
  transfers.add("move", ["/a/x"], "/b");
  await vi.waitFor(() => expect(transfers.get().map((t) => t.state)).toEqual(["conflict"]), 20_000);
  transfers.resolve(transfers.get()[0]?.id ?? 0, "replace", false);
  await vi.waitFor(() => expect(transfers.get()).toEqual([]), 20_000);
  expect(outdated()).toBe(3);
  root.unmount();
});

test("a copy whose job cannot go on says what it waits for, until it goes on", async () => {
  let job: object = { id: "1", kind: "copy", state: "running", bytes: 100, bytesDone: 10, waiting: { detail: "The block store is not available." } };
  const answer = () => Promise.resolve({ data: { items: [], ...job }, response: new Response(null, { status: 200 }) });
  vi.spyOn(api, "GET").mockImplementation(answer as never);
  vi.spyOn(api, "POST").mockImplementation(answer as never);
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  root.render(<QueryClientProvider client={new QueryClient()}><Transfers /></QueryClientProvider>);
  transfers.add("copy", ["/a/z"], "/b");
  await vi.waitFor(() => expect(place.textContent).toContain("Waiting: The block store is not available."), 5_000);
  job = { ...job, bytesDone: 50, waiting: undefined };
  await vi.waitFor(() => expect(place.textContent).toContain("50 B of 100 B to /b"), 5_000);
  expect(place.textContent).not.toContain("Waiting");
  job = { ...job, state: "done" };
  await vi.waitFor(() => expect(transfers.get()).toEqual([]), 5_000);
  root.unmount();
});
