// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, type ReactElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, type FileStatus } from "../../api/client";
import { readStatus, statusKey } from "../../listing/status";
import { go } from "../../place";
import Look from "../Look";

vi.mock("./Code", () => ({ Code: ({ text }: { text: string }) => <pre>{text}</pre> }));

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const path = "/run.log";

test("once a text was read again, it is not said that the file has changed, unless it has since", async () => {
  let state = 1; // of the file, which says it
  let away = false;
  vi.spyOn(api, "GET").mockImplementation((() =>
    Promise.resolve({ data: { FileStatus: { fileId: 1, modificationTime: state, length: 1 } as FileStatus }, response: new Response(null, { status: 200 }) })) as never);
  vi.stubGlobal("fetch", () => Promise.resolve(away ? new Response(null, { status: 503 }) : new Response(String(state))));
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  function Page(): ReactElement | null {
    const status = useQuery({ queryKey: statusKey(path), queryFn: () => readStatus(path) });
    return status.data === undefined ? null : <Look path={path} status={status.data} sure />;
  }
  go({ at: "files", path });
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  await act(() => root.render(<QueryClientProvider client={queries}><Page /></QueryClientProvider>));
  const shows = (text: string, ...notes: string[]) =>
    vi.waitFor(async () => {
      await act(() => new Promise((done) => setTimeout(done)));
      expect(place.querySelector("pre")?.textContent).toBe(text);
      expect([...place.querySelectorAll(".look-note span")].map((note) => note.textContent)).toEqual(notes);
    });
  const comeBack = () => act(() => queries.refetchQueries({ queryKey: statusKey(path) }));
  const reload = () => act(() => place.querySelector<HTMLElement>("[aria-label=Reload]")?.click());
  const changed = "The file has changed.";

  await shows("1");
  state = 2;
  await comeBack();
  await shows("1", changed);
  await reload();
  await shows("2");

  state = 3; // which the page does not know of before
  await reload();
  await shows("3");
  await comeBack();
  await shows("3");

  state = 4;
  away = true;
  await comeBack();
  await shows("3", changed);
  await reload();
  await shows("3", changed, "The server answered with status 503.");
  away = false;
  await reload();
  await shows("4");
  await act(() => root.unmount());
});
