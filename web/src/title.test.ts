import { expect, test } from "vitest";
import { titleOf } from "./title";

test("the title of a tab says where it is", () => {
  expect(titleOf({ at: "home" })).toBe("Projects · Granary");
  expect(titleOf({ at: "project", project: "speech" })).toBe("speech · Granary");
  expect(titleOf({ at: "files", path: "/" })).toBe("/ · Granary");
  expect(titleOf({ at: "files", path: "/Projects" })).toBe("Projects · Granary");
  expect(titleOf({ at: "files", path: "/Projects/speech/Logs/run-7" })).toBe("run-7 · Logs · Granary");
  expect(titleOf({ at: "files", path: "/Projects/speech/Logs/exe.\u202egpj" })).toBe("exe.⟨202E⟩gpj · Logs · Granary"); // what reverses text does not reverse the rest
});
