import { expect, test } from "vitest";
import { measure } from "./measure";

const hex = (text: string) => new Uint8Array((text.replace(/\s/g, "").match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");

const png = (w: string, h: string) => hex(`89504e470d0a1a0a 0000000d ${ascii("IHDR")} ${w} ${h} 0802000000`);
const samples: Record<string, Uint8Array> = {
  png: png("00000140", "000000c8"),
  gif: hex(`${ascii("GIF89a")} 4001 c800 f70000`),
  bmp: hex(`${ascii("BM")} 00000000 00000000 36000000 28000000 40010000 38ffffff 0100 1800`), // its height is negative
  jpeg: hex("ffd8 ffe0 0010 4a46494600010100000100010000 ffff ffc0 0011 08 00c8 0140 03 011100"),
};

test("pixels are counted out of headers", () => {
  for (const [format, bytes] of Object.entries(samples)) expect(measure(bytes), format).toEqual({ format, width: 320, height: 200 });
  expect(measure(hex(`${ascii("RIFF")} 00000000 ${ascii("WEBPVP8X")} 0a000000 00000000 3f0100 c70000`))).toEqual({ format: "webp", width: 320, height: 200 });
  expect(measure(hex(`${ascii("RIFF")} 00000000 ${ascii("WEBPVP8L")} 0a000000 2f 3fc13100`))).toEqual({ format: "webp", width: 320, height: 200 });
  expect(measure(hex(`${ascii("RIFF")} 00000000 ${ascii("WEBPVP8 ")} 0a000000 300100 9d012a 4001 c800`))).toEqual({ format: "webp", width: 320, height: 200 });
});

test("of an AVIF file the largest image counts", () => {
  const ispe = (w: string, h: string) => `00000014 ${ascii("ispe")} 00000000 ${w} ${h}`;
  const boxes = (inner: string, length: string) => `${length} ${ascii("ipco")} ${inner}`;
  const file = hex(`00000010 ${ascii("ftypavif")} 00000000
    00000048 ${ascii("meta")} 00000000 0000003c ${ascii("iprp")} ${boxes(ispe("00000010", "00000010") + ispe("00004e20", "00004e20"), "00000030")}`);
  expect(measure(file)).toEqual({ format: "avif", width: 20_000, height: 20_000 });
});

test("an image of 20,000 by 20,000 says so in its first bytes", () => {
  expect(measure(png("00004e20", "00004e20"))).toEqual({ format: "png", width: 20_000, height: 20_000 });
});

test("headers that are cut off or are none have no measures", () => {
  for (const [format, bytes] of Object.entries(samples)) {
    for (let n = 0; n < 10; n++) expect(measure(bytes.subarray(0, n)), `${n} bytes of ${format}`).toBeUndefined();
  }
  expect(measure(hex("ffd8 ffda 0008"))).toBeUndefined();
  expect(measure(hex("ffd8 ffe0 0000 0000 0000"))).toBeUndefined();
  expect(measure(png("00000000", "00000010"))).toBeUndefined();
  expect(measure(new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg' width='20000' height='20000'/>"))).toBeUndefined();
  expect(measure(hex(`00000010 ${ascii("ftypavif")} 00000000 00000004 ${ascii("meta")}`))).toBeUndefined(); // a box that is shorter than a box
});
