import { expect, test } from "vitest";
import { targetOf } from "./target";

const at = (address: string) => targetOf(address, "/Projects/p/docs");

test("what has no scheme is a path", () => {
  expect(at("a%20b.md")).toEqual({ to: "file", path: "/Projects/p/docs/a b.md", fragment: "" });
  expect(at("./img/x.png?raw=true")).toEqual({ to: "file", path: "/Projects/p/docs/img/x.png", fragment: "" });
  expect(at("../../q/./r#part")).toEqual({ to: "file", path: "/Projects/q/r", fragment: "part" });
  expect(at("../../../../../x")).toEqual({ to: "file", path: "/x", fragment: "" });
  expect(at("/user/ada")).toEqual({ to: "file", path: "/user/ada", fragment: "" });
  expect(at("#part")).toEqual({ to: "here", fragment: "part" });
  expect(at("#%C3%BCber-uns")).toEqual({ to: "here", fragment: "über-uns" });
  expect(at("#100%")).toEqual({ to: "here", fragment: "100%" });
});

test("pages elsewhere and mail are elsewhere", () => {
  expect(at("https://example.org/a b")).toEqual({ to: "elsewhere", address: "https://example.org/a%20b", host: "example.org" });
  expect(at("MAILTO:ada@example.org")).toEqual({ to: "elsewhere", address: "mailto:ada@example.org", host: "ada@example.org" });
});

test("everything else leads nowhere", () => {
  for (const address of [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\u0001javascript:alert(1)", " javascript:alert(1)", "data:text/html,<script>1</script>", "vbscript:x",
    "file:///etc/passwd", "blob:https://x/y", "//example.org/x", "\\\\example.org\\x", "/\\example.org", "%zz", "a%2fb", "a%00b", "https://", "x:y",
  ]) {
    expect(at(address), address).toEqual({ to: "nowhere" });
  }
});
