import { expect, test } from "vitest";
import { letterOf } from "./keys";

test("a shortcut is found on keyboards for other scripts, and stays what it says on Latin ones", () => {
  const letter = (key: string, code: string) => letterOf({ key, code });
  expect([letter("с", "KeyC"), letter("Ψ", "KeyC"), letter("ש", "KeyA")]).toEqual(["c", "c", "a"]);
  expect([letter("a", "KeyQ"), letter("K", "KeyK"), letter("é", "Digit2"), letter("Backspace", "Backspace"), letter("/", "Digit7")]).toEqual(["a", "k", "é", "backspace", "/"]);
});
