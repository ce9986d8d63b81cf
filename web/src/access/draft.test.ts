import { expect, test } from "vitest";
import { bitSeen, changeOf, entryRows, isUntouched, nextOf, octal, untouched, withBit, withOctal, withRight, type AccessState } from "./draft";

function state(more: Partial<AccessState>): AccessState {
  return {
    path: "/p", directory: true, owner: "ada", group: "p", mode: "750", sticky: false, ownerMay: "rwx", groupMay: "r-x", othersMay: "---", entries: [], tag: "t",
    mayChange: true, ...more,
  };
}

test("boxes of entries that differ have a third state, which leaves them", () => {
  const states = [state({}), state({ groupMay: "rwx" })];
  const seen = bitSeen(states, "group", "w");
  expect(seen).toBe("some");
  expect([nextOf("some", seen), nextOf(true, seen), nextOf(false, seen)]).toEqual([true, false, undefined]);
  expect(nextOf(false, false)).toBe(true);
  const touched = withBit(untouched, "group w", true, seen);
  expect(changeOf(touched)).toEqual({ set: "20" });
  expect(isUntouched(withBit(touched, "group w", undefined, seen))).toBe(true);
  expect(isUntouched(withBit(untouched, "owner r", true, true))).toBe(true);
});

test("only what was touched is in the change", () => {
  let draft = withBit(untouched, "others r", true, false);
  draft = withBit(draft, "owner x", false, true);
  draft = withBit(draft, "sticky", true, false);
  draft = { ...draft, entries: { "user:bob": { default: false, type: "user", name: "bob", may: "r-x" }, "default:group:a b": null }, mask: "r--" };
  expect(changeOf(draft, true)).toEqual({
    set: "1004", clear: "100", entries: [{ default: false, type: "user", name: "bob", may: "r-x" }], remove: [{ default: true, type: "group", name: "a b" }], mask: "r--", search: true,
  });
});

test("octal digits go both ways", () => {
  const states = [state({})];
  expect(octal(states, untouched)).toBe("750");
  expect(octal([...states, state({ othersMay: "r--" })], untouched)).toBeUndefined();
  expect(withOctal(states, untouched, "75")).toBeUndefined();
  const draft = withOctal(states, untouched, "1705");
  expect(draft && changeOf(draft)).toEqual({ set: "1005", clear: "50" });
  expect(draft && octal(states, draft)).toBe("1705");
});

test("entries of several ACLs are one row each, with how many have them", () => {
  const bob = { default: false, type: "user", name: "bob", may: "rw-", effective: "r--" } as const;
  const rows = entryRows([state({ entries: [bob] }), state({ entries: [{ ...bob, may: "r--" }] }), state({})], { ...untouched, entries: { "group:g": { default: false, type: "group", name: "g", may: "r--" } } }, "access");
  expect(rows.map((r) => [r.name, r.on, r.seen.r, r.seen.w, r.effective])).toEqual([["bob", 2, true, "some", "r--"], ["g", 0, false, false, undefined]]);
  expect(withRight("r--", "x", true)).toBe("r-x");
});
