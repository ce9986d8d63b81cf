import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";

export type User = components["schemas"]["User"];
export type ProjectRecord = components["schemas"]["ProjectRecord"];

/** The query keys of the two lists. */
export const usersKey = ["admin", "users"] as const;
export const projectsKey = ["admin", "projects"] as const;

interface Page<T> {
  items: T[];
  next?: string;
}

/** All users whose names contain a text, by name, a page at a time. */
export function useUsers(holds: string): UseInfiniteQueryResult<InfiniteData<Page<User>>> {
  return useInfiniteQuery({
    queryKey: [...usersKey, holds],
    queryFn: ({ pageParam, signal }): Promise<Page<User>> => ask(api.GET("/api/v1/admin/users", { params: { query: query(holds, pageParam) }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
}

/** All projects, or those in the trash, whose names contain a text, by name, a page at a time. */
export function useAllProjects(holds: string, deleted: boolean): UseInfiniteQueryResult<InfiniteData<Page<ProjectRecord>>> {
  return useInfiniteQuery({
    queryKey: [...projectsKey, holds, deleted],
    queryFn: ({ pageParam, signal }): Promise<Page<ProjectRecord>> =>
      ask(api.GET("/api/v1/admin/projects", { params: { query: { ...query(holds, pageParam), ...(deleted ? { deleted } : {}) } }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
}

/** A user as the server knows them now; undefined if there is none of that name. */
export async function userNow(name: string): Promise<User | undefined> {
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page: Page<User> = await ask(api.GET("/api/v1/admin/users", { params: { query: query(name, after) } }));
    const found = page.items.find((user) => user.name === name);
    if (found !== undefined) return found;
    after = page.next;
  }
  return undefined;
}

/** What comes of groups when someone has changed them from before to after, while others may have changed them too. */
export function changedGroups(now: readonly string[], before: readonly string[], after: readonly string[]): string[] {
  const kept = now.filter((group) => after.includes(group) || !before.includes(group));
  return [...kept, ...after.filter((group) => !before.includes(group) && !kept.includes(group))];
}

function query(holds: string, after: string): { query?: string; after?: string } {
  return { ...(holds === "" ? {} : { query: holds }), ...(after === "" ? {} : { after }) };
}

/** Splits a text into groups at commas and spaces. */
export function groupsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((group) => group !== "");
}
