import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import type { Path } from "../path";

/** Something that was done, or refused. Entries from a project's feed say less about how it was done than entries from the audit. */
export type Entry = components["schemas"]["Event"] & Partial<components["schemas"]["AuditEntry"]>;

/** A page of a history, the newest entries first. */
export interface Page {
  items: Entry[];
  /** Where the next page begins; absent on the last page. */
  next?: string;
}

/** A history that is read page by page. */
export type Told = UseInfiniteQueryResult<InfiniteData<Page>>;

/** The filters of a history. */
export interface Wanted {
  /** A user, or "" for everyone whose entries the caller may see. */
  user: string;
  /** The first and the last day, such as 2026-01-31, in the browser's time zone; "" for no bound. */
  from: string;
  until: string;
  /** Whether to include reads and refused requests. */
  reads: boolean;
}

const pageSize = 100;

/** When a day begins in the browser's time zone, or the day that many days later. */
function begins(day: string, later = 0): string {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

/** The query key of histories from the audit. */
export const auditKey = ["audit"] as const;

/** The audit of a path in a project; "" for any path and any project. */
export function useAudit(project: string, path: Path | "", wanted: Wanted, enabled = true): Told {
  return useInfiniteQuery({
    queryKey: [...auditKey, project, path, wanted],
    enabled,
    queryFn: ({ pageParam, signal }): Promise<Page> =>
      ask(
        api.GET("/api/v1/audit", {
          params: {
            query: {
              limit: pageSize,
              ...(project === "" ? {} : { project }),
              ...(path === "" ? {} : { path }),
              ...(wanted.user === "" ? {} : { user: wanted.user }),
              ...(wanted.from === "" ? {} : { from: begins(wanted.from) }),
              ...(wanted.until === "" ? {} : { to: begins(wanted.until, 1) }),
              ...(wanted.reads ? { reads: true } : {}),
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
}

/** The query key of histories from projects' feeds. */
export const feedKey = ["feed"] as const;

/** The feed of a project, which all its members may read: its changes, without how they were made. */
export function useProjectFeed(project: string, enabled: boolean): Told {
  return useInfiniteQuery({
    queryKey: [...feedKey, project],
    enabled,
    queryFn: async ({ pageParam, signal }): Promise<Page> => {
      const { items, last } = await ask(
        api.GET("/api/v1/projects/{project}/events", { params: { path: { project }, query: { before: Number(pageParam), limit: pageSize } }, signal }),
      );
      return items.length === 0 || last <= 1 ? { items } : { items, next: String(last) };
    },
    initialPageParam: "0",
    getNextPageParam: (page) => page.next,
  });
}
