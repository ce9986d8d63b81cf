import { expect, test } from "vitest";
import { asCurrent } from "./times";

test("an entry of a checkpoint is found in the audit as what was deleted into the present part of the trash", () => {
  for (const part of ["Current", "261130150000", "261130150000-1"]) {
    expect(asCurrent(`/user/ada/.Trash/${part}/user/ada/x`), part).toBe("/user/ada/.Trash/Current/user/ada/x");
    expect(asCurrent(`/Projects/p/.Trash/ada/${part}/Projects/p/x`), part).toBe("/Projects/p/.Trash/ada/Current/Projects/p/x");
  }
  expect(asCurrent("/user/ada/.Trash/other/261130150000-x/y")).toBe("/user/ada/.Trash/other/261130150000-x/y");
});
