import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { components } from "../../../clients/typescript/schema";
import { api, ask } from "../api/client";
import { readAll } from "../look/bytes";
import { among, pictureOf } from "../look/image/load";
import type { Path } from "../path";
import type { Run } from "./runs";

export type RunImage = components["schemas"]["ImageOfRun"];
type RunImageList = components["schemas"]["ImageOfRunList"];

const again = 1_000; // milliseconds until images that the server has not read completely are listed again

/** The images of a tag in the present state of a run. */
export function useImages(dir: Path, run: Run, tag: string, enabled: boolean): UseQueryResult<RunImageList> {
  return useQuery({
    queryKey: ["images", dir, run.run, tag, run.state],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/images", { params: { query: { path: dir, run: run.run, tag } }, signal })),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.partial === true ? again : false),
    staleTime: Infinity,
    gcTime: 30_000,
  });
}

/** The address of an image. */
export function imageAddress(dir: Path, run: string, tag: string, image: RunImage): string {
  const query = new URLSearchParams({ path: dir, run, tag, step: String(image.step), sample: String(image.sample) });
  return `/api/v1/images/content?${query.toString()}`;
}

/**
 * An image, which is read here, and not by the browser: what its header says of its size is checked before anything decodes it, as a run may have written
 * anything. The previous one stays until it is read. A step that is written again is another image.
 */
export function usePicture(address: string, image: RunImage): UseQueryResult<ReturnType<typeof pictureOf>> {
  return useQuery({
    queryKey: ["image", address, image.wallTime, image.length],
    queryFn: async ({ signal }) => pictureOf(await readAll(address, signal), among),
    enabled: image.type !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 30_000,
    structuralSharing: false,
  });
}

/** The images of one step in the order of their samples; if a sample was written more than once, the last one. */
export interface Shot {
  step: number;
  samples: readonly RunImage[];
}

/** Groups images by step, the smallest step first. */
export function shotsOf(images: readonly RunImage[]): Shot[] {
  const steps = new Map<number, Map<number, RunImage>>();
  for (const image of images) {
    const samples = steps.get(image.step) ?? new Map<number, RunImage>();
    samples.set(image.sample, image);
    steps.set(image.step, samples);
  }
  return [...steps].sort(([a], [b]) => a - b).map(([step, samples]) => ({ step, samples: [...samples.values()].sort((a, b) => a.sample - b.sample) }));
}

/** The index of the shot to show for a step: the last one up to it, else the first; without a step, the last. */
export function shotAt(shots: readonly Shot[], step: number | undefined): number {
  if (step === undefined) return shots.length - 1;
  return Math.max(0, shots.findLastIndex((shot) => shot.step <= step));
}
