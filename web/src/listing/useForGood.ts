import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { inMount, projectOf, type Path } from "../path";
import { useMe } from "../session";
import { useProjects } from "../shell/places";
import { inTrash } from "./actions";

/**
 * Whether deleting at or below a path is final, and so needs a confirmation: the path is in a trash, or there is none for it. What others share goes to no
 * trash: nothing is moved out of its project, and only members have a trash there.
 */
export function useForGood(path: Path): boolean {
  const defaults = useQuery({ queryKey: ["defaults"], queryFn: () => ask(api.GET("/api/v1/fs/get-server-defaults")), staleTime: Infinity });
  const me = useMe();
  const projects = useProjects();
  const project = projectOf(path);
  const strange = project !== undefined && !me.superuser && projects.data !== undefined && !projects.data.some((p) => p.name === project);
  return inTrash(path) || inMount(path) || strange || defaults.data?.FsServerDefaults.trashInterval === 0;
}
