import { expect, test } from "vitest";
import { faultInWords, notLoaded } from "./fault";

test.each([
  "Failed to fetch dynamically imported module: http://host/assets/Palette.js",
  "Importing a module script failed.",
  "error loading dynamically imported module: http://host/assets/Palette.js",
  "The requested module './index.js' does not provide an export named 'useMe'",
  "The requested module 'http://host/assets/index.js' doesn't provide an export named: 'useMe'",
  "Importing binding name 'useMe' is not found.",
  "Unable to preload CSS for /assets/Look.css",
])("what a page of another version cannot load is said to be that: %s", (message) => {
  expect(notLoaded(new SyntaxError(message))).toBe(true);
  expect(faultInWords(new SyntaxError(message))).toContain("has been updated");
});

test("a fault of the page itself is none of these", () => {
  expect(notLoaded(new TypeError("x is not a function"))).toBe(false);
});
