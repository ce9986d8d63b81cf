// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { Files } from "../listing/Files";
import type { Run, RunList, RunTagList } from "./runs";
import type { Series } from "./series";

vi.mock("./Plot", () => ({ Plot: () => null })); // there is no canvas here

const patient = { timeout: 10_000 };

let shown: Root | undefined;

afterEach(() => {
  shown?.unmount();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  history.replaceState(null, "", "/");
});

const run = (name: string, more: Partial<Run> = {}): Run => ({
  run: name, files: 1, length: 1, modificationTime: 0, lastStep: 1, lastWallTime: 1, scalars: 1, images: 0, state: "1", partial: false, ...more,
});
const line = (name: string, points = 1, state = "1"): Series => ({
  run: name, state, count: points, thinned: false, steps: Array<number>(points).fill(1), wallTimes: Array<number>(points).fill(1), values: Array<number>(points).fill(1),
});

/** What the server answers. Of several lists of images each is given once, the last one from then on. */
interface Answers {
  runs: Partial<RunList>;
  tags: Partial<RunTagList>;
  series?: Record<string, Series>;
  awaited?: string; // a directory whose series do not come
  images?: { images: unknown[]; thinned: boolean; partial: boolean }[];
}

/** The page of a directory, of which the server has these answers. */
function page(dir: string, answers: Answers, tab: "scalars" | "images" = "scalars") {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(private readonly tell: (seen: unknown[]) => void) {}
      observe = () => this.tell([{ isIntersecting: true }]);
      disconnect = () => undefined;
    },
  );
  vi.spyOn(api, "GET").mockImplementation(((address: string, { params }: { params: { query: { path: string; tag?: string; run?: string[] } } }) => {
    const answer = (data: unknown) => Promise.resolve({ data, response: new Response(null, { status: 200 }) });
    switch (address) {
      case "/api/v1/fs/get-file-status":
        return answer({ FileStatus: { type: "DIRECTORY" } });
      case "/api/v1/runs":
        return answer({ runs: [], partial: false, refused: 0, ...answers.runs });
      case "/api/v1/runs/tags":
        return answer({ scalars: [], images: [], partial: false, ...answers.tags });
      case "/api/v1/scalars": {
        const { tag = "", run: names = [] } = params.query;
        if (params.query.path === answers.awaited) return new Promise(() => undefined);
        return answer({ series: names.flatMap((name) => answers.series?.[`${tag} of ${name}`] ?? []), partial: false });
      }
      case "/api/v1/images":
        return answer((answers.images?.length ?? 0) > 1 ? answers.images?.shift() : answers.images?.[0]);
      default:
        return new Promise(() => undefined);
    }
  }) as never);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const place = document.body.appendChild(document.createElement("div"));
  const root = (shown = createRoot(place));
  const go = (path: string) => {
    history.replaceState(null, "", `/files${path}?tab=${tab}`);
    root.render(
      <QueryClientProvider client={queries}>
        <Files path={path} />
      </QueryClientProvider>,
    );
  };
  go(dir);
  const again = (path: string) => queries.invalidateQueries({ queryKey: ["runs", path] });
  const points = () => Number(place.querySelector("article")?.dataset.points);
  const notes = () => place.querySelector(".notes")?.textContent ?? "";
  return { place, go, again, points, notes };
}

test("runs that are not shown any more are not drawn any more, although no others are asked for, nor exported", async () => {
  const { place, points } = page("/none", {
    runs: { runs: [run("a"), run("b")] },
    tags: { scalars: [{ tag: "x", runs: ["a", "b"] }] },
    series: { "x of a": line("a", 3), "x of b": line("b", 4) },
  });
  await expect.poll(points, patient).toBe(7);
  expect(place.querySelector("article a")?.getAttribute("href")).toMatch(/run=a&run=b$/);
  place.querySelector<HTMLInputElement>(".run.all input")?.click();
  await expect.poll(() => place.textContent, patient).toContain("None of the selected runs has this tag");
  expect(points()).toBe(0);
  expect(place.querySelector("article a")).toBeNull(); // without a run, it would be all of them
});

test("a directory is not shown with the curves of another one, which has runs and tags of the same names", async () => {
  const answers: Answers = { runs: { runs: [run(".")] }, tags: { scalars: [{ tag: "x", runs: ["."] }] }, series: { "x of .": line(".", 3) } };
  const { go, again, points } = page("/one", answers);
  await expect.poll(points, patient).toBe(3);
  answers.series = { "x of .": line(".", 4, "2") };
  answers.runs = { runs: [run(".", { state: "2" })] };
  go("/other");
  await expect.poll(points, patient).toBe(4);
  answers.awaited = "/other";
  answers.runs = { runs: [run(".", { state: "3" })] };
  await again("/other");
  Object.assign(answers, { runs: { runs: [run(".")] }, series: { "x of .": line(".", 3) } }); // it may be asked for anew
  go("/one");
  await expect.poll(points, patient).toBe(3);
  answers.runs = { runs: [run(".", { state: "3" })] };
  go("/other");
  await expect.poll(points, patient).toBe(0);
});

test("where nothing is found, it is said what was not looked at", async () => {
  const { place, notes } = page("/closed", { runs: { refused: 2, partial: true }, tags: {} });
  await expect.poll(() => place.querySelector("h2")?.textContent, patient).toBe("No runs found");
  expect(notes()).toContain("2 folders that you do not have access to");
  expect(notes()).toContain("20,000 files and folders and 16 levels");
});

test("it is said that tags are left out, and of faults no more than is known", async () => {
  const faults = ["tfevents.1: You may not read it."];
  const { notes } = page("/many", { runs: { runs: Array.from({ length: 7 }, (_, i) => run(`r${i}`, { faults })) }, tags: { partial: true }, series: {} });
  await expect.poll(notes, patient).toContain("too many tags");
  expect(notes()).toContain("2 other runs have data that cannot be shown, too");
});

test("a run that is replaced by one with as many other tags is shown with them", async () => {
  const answers: Answers = { runs: { runs: [run("a")] }, tags: { scalars: [{ tag: "old", runs: ["a"] }] }, series: { "old of a": line("a") } };
  const { place, again } = page("/replaced", answers);
  const titles = () => [...place.querySelectorAll("h3")].map((h) => h.textContent);
  await expect.poll(titles, patient).toEqual(["old"]);
  answers.runs = { runs: [run("a", { state: "2" })] };
  answers.tags = { scalars: [{ tag: "new", runs: ["a"] }] };
  answers.series = { "new of a": line("a", 1, "2") };
  await again("/replaced");
  await expect.poll(titles, patient).toEqual(["new"]);
});

test("images of which the server has read only some are listed again, whatever the state of the run is", async () => {
  const image = { step: 1, sample: 0, wallTime: 1, width: 1, height: 1, length: 1 };
  const { place } = page(
    "/images",
    {
      runs: { runs: [run("a", { images: 1 })] },
      tags: { images: [{ tag: "x", runs: ["a"] }] },
      images: [{ images: [image], thinned: false, partial: true }, { images: [image, { ...image, step: 2 }], thinned: false, partial: false }],
    },
    "images",
  );
  await expect.poll(() => place.textContent, patient).toContain("Step 2");
});
