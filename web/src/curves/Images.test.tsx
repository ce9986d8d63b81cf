// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { Images } from "./Images";
import type { RunImage } from "./images";
import type { Run } from "./runs";

let shown: Root | undefined;

afterEach(() => {
  shown?.unmount();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** The beginning of a PNG image of these pixels. */
function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(33);
  bytes.set(Array.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", (c) => c.charCodeAt(0)));
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

/** The panel of a tag of which the run has one image at each drawing, with the content that is set for its step. */
function panel(contents: Map<string, Uint8Array<ArrayBuffer>>) {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(private readonly tell: (seen: unknown[]) => void) {}
      observe = () => this.tell([{ isIntersecting: true }]);
      disconnect = () => undefined;
    },
  );
  vi.stubGlobal("fetch", (address: string) => Promise.resolve(new Response(contents.get(new URL(address, "http://host").searchParams.get("step") ?? ""))));
  const blobs: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const place = document.body.appendChild(document.createElement("div"));
  const root = (shown = createRoot(place));
  const draw = (image: RunImage, state: string) => {
    vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { images: [image], thinned: false, partial: false }, response: new Response(null, { status: 200 }) })) as never);
    const runs = [{ run: "a", state } as Run];
    root.render(
      <QueryClientProvider client={queries}>
        <Images dir="/d" tags={[{ tag: "x", runs: ["a"] }]} runs={runs} strokes={new Map()} notes={<></>} />
      </QueryClientProvider>,
    );
  };
  return { place, blobs, draw };
}

const said = { sample: 0, width: 28, height: 28, length: 33, type: "image/png" } as const; // as its writer says

test("an image of a run is drawn only if its own header has no more pixels than others may have, whatever is said of it", async () => {
  const { place, draw } = panel(new Map([["1", png(20_000, 20_000)], ["2", new Uint8Array(33)], ["3", png(28, 28)]]));
  draw({ ...said, step: 1, wallTime: 1 }, "1");
  await expect.poll(() => place.textContent).toContain("20,000 × 20,000 pixels");
  draw({ ...said, step: 2, wallTime: 2 }, "2");
  await expect.poll(() => place.textContent).toContain("damaged");
  expect(place.querySelector("img")).toBeNull();
  draw({ ...said, step: 3, wallTime: 3 }, "3");
  await expect.poll(() => place.querySelector("img")?.alt).toBe("x of a, step 3");
  expect(place.querySelector("img")?.src).toMatch(/^blob:/);
});

test("a step that a run writes again is shown as it is now", async () => {
  const contents = new Map([["1", png(28, 28)]]);
  const { place, blobs, draw } = panel(contents);
  draw({ ...said, step: 1, wallTime: 1 }, "1");
  await expect.poll(() => place.querySelector("img")?.title).toContain("28 × 28");
  contents.set("1", png(14, 14));
  draw({ ...said, step: 1, wallTime: 2 }, "2");
  await expect.poll(() => place.querySelector("img")?.title).toContain("14 × 14");
  expect(blobs).toHaveLength(2);
});
