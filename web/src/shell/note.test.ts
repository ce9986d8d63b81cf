import { expect, test } from "vitest";
import { ApiError } from "../api/client";
import { noteOf } from "./note";

test("only a search that got through everything says that nothing is called so", () => {
  const search = { looking: false, error: null, partial: false };
  expect(noteOf("run", 0, search)).toBe("No results.");
  expect(noteOf("run", 1, search)).toBe("");
  for (const found of [0, 1]) {
    expect(noteOf("ru", found, search)).toBe("Type at least three characters to search files.");
    expect(noteOf("run", found, { ...search, looking: true })).toBe("Searching…");
    expect(noteOf("run", found, { ...search, error: new ApiError(503, "Later.") })).toBe("Later.");
    expect(noteOf("run", found, { ...search, partial: true })).toBe("There was too much to search. Some results may be missing.");
  }
  expect(noteOf("", 9, search)).toBe("");
});
