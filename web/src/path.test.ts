import { describe, expect, test } from "vitest";
import { hrefOf, placeOf, plainView, viewOf, type Place } from "./place";
import { inMount, join, nameFault, nameOf, namesOf, parentOf, projectOf, visible, visibleName, within } from "./path";

describe("paths", () => {
  test("are taken apart and put together", () => {
    expect(namesOf("/a/b")).toEqual(["a", "b"]);
    expect([nameOf("/a/b"), nameOf("/")]).toEqual(["b", ""]);
    expect([parentOf("/a/b"), parentOf("/a"), parentOf("/")]).toEqual(["/a", "/", "/"]);
    expect([join("/", "a"), join("/a", "b/c")]).toEqual(["/a", "/a/b/c"]);
    expect([within("/a/b", "/a"), within("/ab", "/a"), within("/a", "/"), within("/a", "/a")]).toEqual([true, false, true, true]);
    expect(["/Projects/p/Shared/q.ds", "/Projects/p/Shared/q.ds/x", "/Projects/p/Shared", "/Projects/p/x/Shared/y", "/user/p/Shared/y"].map(inMount)).toEqual([true, true, false, false, false]);
    expect([projectOf("/Projects/p/x"), projectOf("/Projects"), projectOf("/user/p")]).toEqual(["p", undefined, undefined]);
  });

  test("names that cannot be are told why", () => {
    expect(nameFault("a b.txt")).toBeUndefined();
    expect(nameFault("ö".repeat(127))).toBeUndefined();
    for (const name of ["", ".", "..", "a/b", "a:b", "a\0b", "ö".repeat(128)]) expect(nameFault(name), name).toMatch(/./);
  });

  test("what would hide or turn text is made visible", () => {
    expect(visible("gnp.\u202eexe")).toBe("gnp.⟨202E⟩exe");
    expect(visible("a\nb")).toBe("a⟨000A⟩b");
    expect(visible("a\u061c\u00adb\u2060c\u206ad\u3164")).toBe("a⟨061C⟩⟨00AD⟩b⟨2060⟩c⟨206A⟩d⟨3164⟩");
    expect(visible("שלום é")).toBe("שלום é");
    expect(visible("a\u{e0041}\u180b\ufe0eb\u{1d173}")).toBe("a⟨E0041⟩⟨180B⟩⟨FE0E⟩b⟨1D173⟩");
    expect(visible("❤\ufe0f.png 🂡 日本")).toBe("❤\ufe0f.png 🂡 日本");
    expect(visible(" a  b ")).toBe(" a  b ");
    expect(visibleName("a\u00a0\u3000")).toBe("a⟨00A0⟩⟨3000⟩"); // it is not the name a
    expect(visibleName("\u2800a b\u2003c \u2007d")).toBe("⟨2800⟩a b\u2003c⟨0020⟩⟨2007⟩d");
    expect(visibleName(" a  b c\u200b ")).toBe("⟨0020⟩a⟨0020⟩⟨0020⟩b c⟨200B⟩⟨0020⟩");
  });
});

describe("addresses", () => {
  test("lead back to where they came from", () => {
    const all: Place[] = [
      { at: "home" }, { at: "shared" }, { at: "project", project: "p" }, { at: "files", path: "/" },
      { at: "files", path: "/a b/100% of a?b#c&d=e/%2e%2e/two\nlines/ö\\" },
    ];
    for (const place of all) expect(placeOf(new URL(hrefOf(place), "http://host").pathname), JSON.stringify(place)).toEqual(place);
  });

  test("hold how a listing is looked at", () => {
    const view = { sort: "size", descending: true, filter: "a&b=c d", more: { open: "share", row: "7" } } as const;
    const address = new URL(hrefOf({ at: "files", path: "/a" }, view), "http://host");
    expect(viewOf(address.search)).toEqual(view);
    expect(viewOf("?sort=colour")).toEqual(plainView);
  });

  test("that nobody made lead nowhere", () => {
    for (const path of ["/x", "/files/%zz", "/projects", "/projects/a/b", "/shared/x"]) expect(placeOf(path), path).toEqual({ at: "nowhere" });
  });
});
