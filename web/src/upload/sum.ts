import { count } from "../format";
import type { Upload, UploadState } from "./upload";

/** The states of uploads that are over. */
export const over: ReadonlySet<UploadState> = new Set<UploadState>(["done", "skipped"]);

/** A summary of uploads, in words. Skipped files count neither as uploaded nor as to be uploaded. */
export function titleOf(all: readonly Upload[]): string {
  const number = (state: UploadState) => all.filter((u) => u.state === state).length;
  const [done, skipped, failed] = [number("done"), number("skipped"), number("failed")];
  if (done + skipped + failed < all.length) return `${done.toLocaleString("en")} of ${count(all.length - skipped, "file")} uploaded`;
  if (failed > 0) return `${count(failed, "file")} could not be uploaded`;
  return `${count(done, "file")} uploaded${skipped > 0 ? `, ${skipped.toLocaleString("en")} skipped` : ""}`;
}

/** The total bytes of uploads, and how many of them are sent. */
export function bytesOf(all: readonly Upload[]): { total: number; sent: number } {
  let [total, sent] = [0, 0];
  for (const u of all) {
    if (u.state === "skipped") continue;
    total += u.file.size;
    sent += u.state === "done" ? u.file.size : u.sent;
  }
  return { total, sent };
}

/** The rate in bytes per second: the one before, and that of the bytes sent in some seconds since. These may be many, since hidden tabs have slow timers. */
export function rateOf(before: number, bytes: number, seconds: number): number {
  const now = bytes / seconds;
  const weight = before === 0 ? 0 : 0.7 ** seconds;
  return weight * before + (1 - weight) * now;
}
