const mostPages = 20; // of a list that is read as a whole; nobody looks through longer ones
const limit = 1000; // items per page, the most that the server allows

/** Reads the pages of a list one after the other, up to mostPages, and returns their items. */
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

/** The query for the next page of a list. */
export const following = (after: string | undefined): { limit: number; after?: string } => (after === undefined ? { limit } : { limit, after });
