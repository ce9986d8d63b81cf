// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import CurveTabs from "./CurveTabs";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("the tabs come a while after a training has begun, and are not asked about any more", async () => {
  let runs = false;
  const asked = vi.fn(() => Promise.resolve({ data: { runs }, response: new Response(null, { status: 200 }) }));
  vi.spyOn(api, "GET").mockImplementation(asked as never);
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  await act(() => root.render(<QueryClientProvider client={new QueryClient()}><CurveTabs dir="/d" at="files" sure={false} /></QueryClientProvider>));
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(place.textContent).toBe("");
  runs = true;
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(place.textContent).toContain("Scalars");
  const before = asked.mock.calls.length;
  await act(() => vi.advanceTimersByTimeAsync(240_000));
  expect(asked.mock.calls.length).toBe(before);
  await act(() => root.unmount());
});
