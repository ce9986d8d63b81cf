const mostPages = 20; // of a list that is shown whole: beyond that people search
const limit = 1000; // items of a page, the most that a server gives

/** Reads the pages of a list one after the other, twenty at most, and returns what they hold. */
export async function allPages<T>(page: (after: string | undefined) => Promise<{ items: T[]; next?: string | undefined }>): Promise<T[]> {
  const all: T[] = [];
  let after: string | undefined;
  for (let i = 0; i < mostPages; i++) {
    const { items, next } = await page(after);
    all.push(...items);
    if (next === undefined) break;
    after = next;
  }
  return all;
}

// Some lists go on behind a name, and others behind the number of an id.

/** What asks for the page of a list of names that follows after. */
export const afterName = (after: string | undefined): { limit: number; after?: string } => (after === undefined ? { limit } : { limit, after });

/** What asks for the page of a list by ids that follows after. */
export const afterId = (after: string | undefined): { limit: number; after?: number } => (after === undefined ? { limit } : { limit, after: Number(after) });
