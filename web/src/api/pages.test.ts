import { expect, test } from "vitest";
import { allPages, following } from "./pages";

test("a list is read page by page to its end", async () => {
  const names = Array.from({ length: 2500 }, (_, i) => String(i).padStart(4, "0"));
  const asked: object[] = [];
  const all = await allPages((after) => {
    const query = following(after);
    asked.push(query);
    const from = after === undefined ? 0 : names.indexOf(after) + 1;
    const items = names.slice(from, from + query.limit);
    const last = items.at(-1);
    return Promise.resolve(last === undefined || last === names.at(-1) ? { items } : { items, next: last });
  });
  expect(all).toEqual(names);
  expect(asked).toEqual([{ limit: 1000 }, { limit: 1000, after: "0999" }, { limit: 1000, after: "1999" }]);
});
