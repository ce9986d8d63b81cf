import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { Path } from "../path";
import { inTrash } from "./actions";

/** Whether deleting at or below a path is final, and so needs a confirmation: the path is in a trash, or the server keeps none. */
export function useForGood(path: Path): boolean {
  const defaults = useQuery({ queryKey: ["defaults"], queryFn: () => ask(api.GET("/api/v1/fs/get-server-defaults")), staleTime: Infinity });
  return inTrash(path) || defaults.data?.FsServerDefaults.trashInterval === 0;
}
