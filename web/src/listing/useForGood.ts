import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Path } from "../path";
import { inTrash } from "./actions";

/** Whether what is deleted at a path, or in it, is gone for good, so that somebody has to be asked: it lies in a trash, or the server keeps none. */
export function useForGood(path: Path): boolean {
  const defaults = useQuery({ queryKey: ["defaults"], queryFn: () => ask(api.GET("/api/v1/fs/get-server-defaults")), staleTime: Infinity });
  return inTrash(path) || defaults.data?.FsServerDefaults.trashInterval === 0;
}
