import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { unpacked } from "./gzip";

async function* inPieces(bytes: Uint8Array<ArrayBuffer>, length: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.slice(at, at + length));
}

async function textOf(bytes: Uint8Array<ArrayBuffer>, length: number): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of unpacked(inPieces(bytes, length))) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("latin1");
}

// Browsers refuse what is behind the first member, as Node does not: the test in the browser shows that it is read there.
test("whatever is packed comes out, however it is divided", async () => {
  for (const text of ["", "a", "1,\x1f\x8b\x08\n".repeat(50), "\x1f\x8b\x08", "x".repeat(3 << 20)]) {
    for (const level of [0, 9]) {
      const file = new Uint8Array(gzipSync(Buffer.from(text, "latin1"), { level }));
      for (const length of file.length < 500 ? [1, 2, 3, 7, 1000] : [1 << 20]) expect(await textOf(file, length) === text, `${text.length}, ${level}, ${length}`).toBe(true);
      await expect(textOf(file.slice(0, -1), 1 << 20)).rejects.toThrow();
    }
  }
});
