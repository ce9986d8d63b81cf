import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../../../clients/typescript/schema";
import type { Path } from "../path";

/** Something that somebody did, or was refused. What comes from a project's feed says less of how than what comes from the audit. */
export type Entry = components["schemas"]["Event"] & Partial<components["schemas"]["AuditEntry"]>;

/** A part of a history, the newest first. */
export interface Page {
  items: Entry[];
  /** Where to go on; absent: that was all. */
  next?: string;
}

/** A history that is read page by page. */
export type Told = UseInfiniteQueryResult<InfiniteData<Page>>;

/** What of a history is asked for. */
export interface Wanted {
  /** By whom; "": by anybody whom the caller may know of. */
  user: string;
  /** Days as 2026-01-31, both included, where the browser is; "": any. */
  from: string;
  until: string;
  /** Readings and refusals, too. */
  reads: boolean;
}

const pageSize = 100;

/** When a day begins where the browser is, so many days after it. */
function begins(day: string, later = 0): string {
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

/** The key of histories out of the audit among what was asked for. */
export const auditKey = ["audit"] as const;

/** What the audit says of a path, "" for any, in a project, "" for wherever. */
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

/** The key of histories out of projects' feeds among what was asked for. */
export const feedKey = ["feed"] as const;

/** What the feed of a project says, which all its members may read: the changes, without how they came. */
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
