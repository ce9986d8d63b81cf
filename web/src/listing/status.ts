import { api, ask, type FileStatus } from "../api/client";
import type { Path } from "../path";

/** The query key of the status of a path. */
export function statusKey(path: Path): readonly unknown[] {
  return ["status", path];
}

/** Reads the status of a path. */
export async function readStatus(path: Path): Promise<FileStatus> {
  return (await ask(api.GET("/api/v1/fs/get-file-status", { params: { query: { path } } }))).FileStatus;
}
