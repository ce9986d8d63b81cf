import { expect, test } from "vitest";
import type { Entry } from "./entries";
import { byDay, byWhat, called, sentence } from "./sentences";

function entry(op: string, more: Partial<Entry> = {}): Entry {
  return { seq: 1, at: "2026-01-02T03:04:05Z", op, user: "ada", fileId: 5, path: "/Projects/p/a", detail: {}, ...more };
}

/** A sentence with its paths in brackets. */
const said = (e: Entry) => sentence(e).map((part) => (typeof part === "string" ? part : `[${part.path}]`)).join("");

test.each([
  [entry("create", { detail: { size: 5 } }), "created [/Projects/p/a] (5 B)"],
  [entry("create", { detail: { size: 5, replaced: 7 } }), "replaced [/Projects/p/a] (5 B)"],
  [entry("append", { detail: { added: 1536 } }), "appended 1.50 KiB to [/Projects/p/a]"],
  [entry("rename", { target: "/Projects/p/b" }), "renamed [/Projects/p/a] to b"],
  [entry("rename", { target: "/Projects/p/d/a" }), "moved [/Projects/p/a] to [/Projects/p/d/a]"],
  [entry("rename", { target: "/Projects/p/.Trash/ada/Current/Projects/p/a" }), "moved [/Projects/p/a] to the trash"],
  [entry("rename", { path: "/Projects/p/.Trash/ada/Current/Projects/p/a", target: "/Projects/p/a" }), "restored [/Projects/p/a] from the trash"],
  [entry("delete", { detail: { dir: true } }), "deleted [/Projects/p/a] for good, with everything in it"],
  [entry("set owner", { detail: { owner: "bob", group: "staff" } }), "gave [/Projects/p/a] to bob and the group staff"],
  [entry("set member", { path: "/Projects/p", detail: { member: "bob", role: "observer" } }), "made bob an observer of [/Projects/p]"],
  [entry("remove member", { path: "/Projects/p", detail: { member: "ada" } }), "left [/Projects/p]"],
  [entry("offer share", { detail: { share: { id: 1, toProject: "q", level: "read" } } }), "offered to share [/Projects/p/a] with the project q: can read"],
  [entry("set quota", { detail: { quota: { names: -1, space: 2048 } } }), "set the quota of [/Projects/p/a] to 2.00 KiB and no limit"],
  [entry("open", { outcome: "allowed" }), "read [/Projects/p/a]"],
  [entry("open", { outcome: "denied" }), "was not allowed to read [/Projects/p/a]"],
  [entry("sign in", { outcome: "denied", path: "/" }), "was refused sign-in"],
  [entry("revoke token", { path: "/", detail: { user: "bob", kind: "personal" } }), "revoked a token of bob"],
  [entry("what is to come"), "did “what is to come” to [/Projects/p/a]"],
])("%#", (e, words) => expect(said(e)).toBe(words));

test("what came by a credential is said in words, and what nobody knows is not", () => {
  expect(byWhat(entry("create", { credential: "x", credentialKind: "session" }))).toBe("in a browser");
  expect(byWhat(entry("create", { credential: "x", credentialKind: "personal", credentialLabel: "laptop" }))).toBe("with a token “laptop”");
  expect(byWhat(entry("create", { credential: "x" }))).toBe("with a token");
  expect(byWhat(entry("create"))).toBe("");
});

test("names are as they are called from where one looks", () => {
  expect(called("/Projects/p/a", "/Projects/p/a")).toBe("a");
  expect(called("/Projects/p/a/b/c", "/Projects/p/a")).toBe("b/c");
  expect(called("/Projects/p/ab", "/Projects/p/a")).toBe("/Projects/p/ab");
  expect(called("/tmp/x", "/")).toBe("/tmp/x");
});

test("days are told apart where the browser is", () => {
  const now = new Date(2026, 0, 3, 12).getTime();
  const at = (day: number, hour: number) => entry("create", { at: new Date(2026, 0, day, hour).toISOString() });
  expect(byDay([at(3, 1), at(3, 0), at(2, 23), at(1, 5)], now).map((d) => [d.day, d.entries.length])).toEqual([
    ["Today", 2],
    ["Yesterday", 1],
    ["Thursday, January 1", 1],
  ]);
});
