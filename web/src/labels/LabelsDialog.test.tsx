// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import LabelsDialog from "./LabelsDialog";

let root: Root | undefined;

afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

const path = "/Projects/p/d";

/** Opens the dialog, with datasets of the project that are answered when answer is called. */
function opened() {
  let answer: (datasets: { path: string }[]) => void = () => undefined;
  const datasets = new Promise<{ path: string }[]>((done) => {
    answer = done;
  });
  const reply = (data: unknown) => ({ data, response: new Response(null, { status: 200 }) });
  const get = (route: string) => (route === "/api/v1/labels" ? Promise.resolve(reply({ description: "Scans.", tags: {} })) : datasets.then((items) => reply({ items })));
  vi.spyOn(api, "GET").mockImplementation(get as never);
  const queries = new QueryClient();
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<QueryClientProvider client={queries}><LabelsDialog path={path} onClose={() => undefined} /></QueryClientProvider>);
  return { place, queries, answer };
}

test("the description of a dataset cannot be edited before it is known that it is one", async () => {
  const { place, queries, answer } = opened();
  await vi.waitFor(() => expect(queries.isFetching()).toBe(1)); // only the datasets are left to come
  await new Promise((done) => setTimeout(done));
  expect(place.querySelector("textarea")).toBeNull();
  answer([{ path }]);
  await vi.waitFor(() => expect(place.textContent).toContain("Edit the description of a dataset on its project page."));
  expect(place.querySelector("textarea")).toBeNull();
});

test("the field for the description stays although the folder becomes a dataset while one types", async () => {
  const { place, queries, answer } = opened();
  answer([]);
  await vi.waitFor(() => expect(place.querySelector("textarea")?.value).toBe("Scans."));
  queries.setQueryData(["datasets", "p"], [{ path }]);
  await new Promise((done) => setTimeout(done, 50));
  expect(place.querySelector("textarea")).not.toBeNull();
});
