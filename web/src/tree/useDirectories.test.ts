import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { forgetBelow, forgetDirectories } from "./useDirectories";

test("what is created in an empty directory is shown below it, and so that it can be opened now", () => {
  const queries = new QueryClient();
  const dirs = ["/", "/a", "/a/b", "/a/b/c", "/a/x"];
  for (const dir of dirs) queries.setQueryData(["directories", dir], {});
  forgetDirectories(queries, ["/a/b/new"]);
  expect(dirs.filter((dir) => queries.getQueryState(["directories", dir])?.isInvalidated)).toEqual(["/a", "/a/b"]);
  forgetDirectories(queries, ["/new"]);
  expect(queries.getQueryState(["directories", "/"])?.isInvalidated).toBe(true);
});

test("what was below a directory is not shown below the one that has replaced it", () => {
  const queries = new QueryClient();
  const dirs = ["/", "/a", "/a/b", "/a/b/c", "/a/bc"];
  for (const dir of dirs) queries.setQueryData(["directories", dir], {});
  forgetBelow(queries, ["/a/b", "/x"]);
  expect(dirs.filter((dir) => queries.getQueryState(["directories", dir])?.isInvalidated)).toEqual(["/a/b", "/a/b/c"]);
});
