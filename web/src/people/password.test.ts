import { expect, test } from "vitest";
import { makePassword } from "./password";

test("passwords that are made up differ, and can be typed", () => {
  const all = new Set(Array.from({ length: 50 }, makePassword));
  expect(all.size).toBe(50);
  for (const password of all) expect(password).toMatch(/^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
});
