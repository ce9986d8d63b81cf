import { expect, test } from "vitest";
import { iconOf } from "./Icon";

test("a file gets its picture by the ending of its name", () => {
  expect(["a.CSV", "x.constructor", "__proto__", "events.out.tfevents.1.host", "noending"].map((name) => iconOf(name, false))).toEqual(["table", "file", "file", "chart", "file"]);
  expect(iconOf("a.csv", true)).toBe("folder");
});
