const mostPages = 20; // of a list that is shown whole: beyond that people search

/** How many items of a list a page has at most. */
export const longest = 1000;

/** Reads the pages of a list one after the other, some twenty at most, and returns what they hold. */
export async function allPages<T>(page: (after: string | undefined) => Promise<{ items: T[]; next?: string }>): Promise<T[]> {
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
export const afterName = (after: string | undefined): { limit: number; after?: string } => (after === undefined ? { limit: longest } : { limit: longest, after });

/** What asks for the page of a list by ids that follows after. */
export const afterId = (after: string | undefined): { limit: number; after?: number } => (after === undefined ? { limit: longest } : { limit: longest, after: Number(after) });
