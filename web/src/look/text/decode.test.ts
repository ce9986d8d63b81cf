import { expect, test } from "vitest";
import { cutLines, decode, withPlainEnds } from "./decode";

const utf8 = (text: string) => new TextEncoder().encode(text);

test("encodings are told apart", () => {
  expect(decode(utf8("größer\n"), true)).toEqual({ text: "größer\n", encoding: "UTF-8", guessed: false });
  expect(decode(utf8("\ufeffgrößer"), true)?.text).toBe("größer");
  expect(decode(new Uint8Array([0xff, 0xfe, 0x67, 0, 0xf6, 0, 1]), true)).toEqual({ text: "gö", encoding: "UTF-16", guessed: false });
  expect(decode(new Uint8Array([0xfe, 0xff, 0, 0x67, 0, 0xf6]), true)?.text).toBe("gö");
  expect(decode(new Uint8Array([0x67, 0xf6, 0xdf, 0xe9]), true)).toEqual({ text: "gößé", encoding: "Windows-1252", guessed: true });
});

test("what is no text is none", () => {
  expect(decode(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), true)).toBeUndefined();
  expect(decode(new Uint8Array([1, 2, 3, 0xff, 4, 5]), true)).toBeUndefined();
});

test("characters that are cut off at the ends of a part are left out", () => {
  const bytes = utf8("€äö🂡");
  for (let from = 0; from <= 3; from++) {
    for (let to = bytes.length - 4; to <= bytes.length; to++) {
      const got = decode(bytes.subarray(from, to), false);
      expect(got?.encoding).toBe("UTF-8");
      expect("€äö🂡").toContain(got?.text);
    }
  }
  expect(decode(bytes, false)?.text).toBe("€äö🂡");
  expect(decode(bytes.subarray(0, bytes.length - 1), true)?.guessed).toBe(true);
});

test("long lines are cut, and say so", () => {
  expect(cutLines("a\nb\n", 3)).toEqual({ text: "a\nb\n", cut: 0 });
  expect(cutLines("abc\nabcdefgh\nx", 3)).toEqual({ text: "abc\nabc … (5 more characters)\nx", cut: 1 });
  expect(cutLines("", 3)).toEqual({ text: "", cut: 0 });
});

test("lines are what the editor takes for lines, whichever way they end: a progress bar of a whole night is not one long line", () => {
  expect(withPlainEnds("a\r\nb\rc\n\rd\r")).toBe("a\nb\nc\n\nd\n");
  const bar = Array.from({ length: 500 }, (_, i) => `epoch 1: ${i} of 500`).join("\r");
  expect(cutLines(withPlainEnds(`${bar}\n`))).toEqual({ text: `${bar.replaceAll("\r", "\n")}\n`, cut: 0 });
});
