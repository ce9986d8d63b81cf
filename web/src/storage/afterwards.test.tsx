// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { transfers } from "../moving/transfers";
import { uploads } from "../upload/queue";
import { useStorageAfterwards } from "./afterwards";
import { refreshStorage } from "./refresh";

vi.mock("./refresh");

afterEach(() => void vi.restoreAllMocks());

test("what tells of storage is out of date once all moves and all uploads have ended, and not for each of them", async () => {
  vi.spyOn(api, "PUT").mockImplementation((() => Promise.resolve({ response: new Response(null, { status: 200 }) })) as never);
  const queries = new QueryClient();
  function Shown() {
    useStorageAfterwards();
    return null;
  }
  const told = () => vi.mocked(refreshStorage).mock.calls.length;
  createRoot(document.createElement("div")).render(<QueryClientProvider client={queries}><Shown /></QueryClientProvider>);
  await new Promise((done) => setTimeout(done)); // the effect
  transfers.add("move", Array.from({ length: 20 }, (_, i) => `/d/${i}`), "/e");
  await expect.poll(() => [transfers.left(), told()]).toEqual([0, 1]);
  uploads.hold(); // nothing is sent
  uploads.add("/d", [{ file: new File(["x"], "a"), below: "a" }]);
  const tells = vi.fn();
  uploads.subscribe(tells);
  await expect.poll(() => tells.mock.calls.length).toBe(1);
  expect(told()).toBe(1);
  for (const { id } of uploads.get()) uploads.remove(id);
  await expect.poll(told).toBe(2);
});
