import { expect, test } from "vitest";
import { misfit, parametersText, shapeText, typesOf, Unreadable, type Model } from "./model";
import { headerPlace, readNpy } from "./npy";
import { headerLength, readSafetensors } from "./safetensors";

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, "base64"));

// Written by the Python package safetensors 0.8.0, with metadata.
const real = bytesOf(
  "8AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJucCIsImF1dGhvciI6IkFkYSJ9LCJzdGVwIjp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlswLDhdfSwiZW5jb2Rlci53ZWlnaHQiOnsiZHR5cGUiOi" +
    "JGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzgsMzJdfSwiZW5jb2Rlci5iaWFzIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMzIsMzZdfX0gICAHAAAAAAAAAAAAAAAAAIA/AAAAQAAAQEAAAIBAAACgQAAAAAA=",
);

/** A safetensors file with a header. */
function file(header: string, data = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function read(bytes: Uint8Array): Model {
  return readSafetensors(bytes.subarray(8, 8 + headerLength(bytes.subarray(0, 64), bytes.length)));
}

test("a safetensors file tells its tensors in the order of their bytes", () => {
  const model = read(real);
  expect(model.tensors.map(({ name, type, shape, elements, bytes }) => [name, type, shapeText(shape), elements, bytes])).toEqual([
    ["step", "I64", "scalar", 1n, 8n],
    ["encoder.weight", "F32", "2 × 3", 6n, 24n],
    ["encoder.bias", "F16", "2", 2n, 4n],
  ]);
  expect(model.notes).toEqual([["format", "np"], ["author", "Ada"]]);
  expect(typesOf(model.tensors)).toEqual(["F32: 1 tensor, 24 B", "F16: 1 tensor, 4 B", "I64: 1 tensor, 8 B"]);
  expect(misfit(model, real.length)).toBe("");
  expect(misfit(model, real.length - 3)).toContain("incomplete: according to its header it has 284 B, but only 281 B are there");
  expect(misfit(model, real.length + 2)).toContain("2 B at the end of this file belong to no tensor");
});

const tensor = (of: object) => JSON.stringify({ x: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...of } });

test.each<[string, Uint8Array, string]>([
  ["too short", new Uint8Array(7), "too short"],
  ["a length that no file has", Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 255, 123, 125]), "18,374,686,479,671,623,680 bytes"],
  ["no JSON", file("{nothing}"), "not JSON"],
  ["no UTF-8", Uint8Array.from([...file("{}").subarray(0, 8), 0xff, 0xfe]), "not JSON"],
  ["a list", file("[]"), "not a JSON object"],
  ["no type", file(tensor({ dtype: 1 })), `the tensor "x" no type, shape or place`],
  ["a tensor that is null", file(`{"x":null}`), "no type, shape or place"],
  ["a place before the beginning", file(tensor({ data_offsets: [-8, 0] })), "an impossible place"],
  ["a place that ends before it begins", file(tensor({ data_offsets: [8, 0] })), "an impossible place"],
  ["half a dimension", file(tensor({ shape: [0.5, 4] })), "a dimension of 0.5"],
  ["more than there can be", file(tensor({ dtype: "NEW", shape: [2 ** 50, 2 ** 50] })), "more elements than any file can hold"],
  ["too many dimensions", file(tensor({ shape: Array.from({ length: 65 }, () => 1) })), "65 dimensions"],
  ["a shape that does not fit its bytes", file(tensor({ shape: [3] })), "has 8 bytes, which is not what its type and shape need"],
])("%s is refused, and said", (_, bytes, words) => {
  expect(() => read(bytes)).toThrow(Unreadable);
  expect(() => read(bytes)).toThrow(words);
});

test("names that mean something to JavaScript, types to come and odd notes are read as they are", () => {
  const model = read(file(`{"__metadata__":["a"],"__proto__":{"dtype":"F3","shape":[5],"data_offsets":[0,2]},"constructor":{"dtype":"F4","shape":[4],"data_offsets":[2,4]}}`));
  expect(model.tensors.map(({ name, type, elements }) => [name, type, elements])).toEqual([["__proto__", "F3", 5n], ["constructor", "F4", 4n]]);
  expect(model.notes).toEqual([]);
  expect(read(file(`{"__metadata__":{"step":7}}`)).notes).toEqual([["step", "7"]]);
});

/** A .npy file as numpy 2.4 writes it: the header is filled up with blanks. */
function npy(header: string, version = 1, data = 0): Uint8Array {
  const from = version === 1 ? 10 : 12;
  const text = new TextEncoder().encode(`${header.padEnd(127 - from)}\n`);
  const bytes = new Uint8Array(from + text.length + data);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, from);
  return bytes;
}

function readArray(bytes: Uint8Array): Model {
  const { from, to } = headerPlace(bytes.subarray(0, 64), bytes.length);
  return readNpy(bytes.subarray(from, to), to);
}

// The headers are numpy's own.
test.each<[string, string, shape: string, bytes: bigint | undefined, layout: string]>([
  ["{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", "float32", "2 × 3", 24n, "row by row (C order)"],
  ["{'descr': '>i8', 'fortran_order': True, 'shape': (3, 2), }", "int64, big-endian", "3 × 2", 48n, "column by column (Fortran order)"],
  ["{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }", "str3", "2", 24n, ""],
  ["{'descr': [('x', '<f4'), ('y', '<i2', (3,))], 'fortran_order': False, 'shape': (2,), }", "[('x', '<f4'), ('y', '<i2', (3,))]", "2", undefined, ""],
  ["{'descr': '|b1', 'fortran_order': False, 'shape': (), }", "bool", "scalar", 1n, ""],
  ["{'descr': '<M8[D]', 'fortran_order': False, 'shape': (1,), }", "datetime64[D]", "1", 8n, ""],
  ["{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "object (pickled)", "1", undefined, ""],
  ["{'descr': '<c16', 'fortran_order': False, 'shape': (0, 5), }", "complex128", "0 × 5", 0n, "row by row (C order)"],
  ["{'descr': '|S7', 'fortran_order': False, 'shape': (2L,), }", "bytes7", "2", 14n, ""],
])("numpy's %s", (header, type, shape, bytes, layout) => {
  for (const version of [1, 2]) {
    const model = readArray(npy(header, version));
    expect([model.tensors[0]?.type, shapeText(model.tensors[0]?.shape ?? []), model.tensors[0]?.bytes, model.layout]).toEqual([type, shape, bytes, layout]);
    expect(model.end).toBe(bytes === undefined ? undefined : 128n + bytes);
  }
});

test.each<[string, Uint8Array, string]>([
  ["another file", new TextEncoder().encode("a text that is long enough"), "does not begin as one"],
  ["a version to come", npy("{}", 4), "format version 4"],
  ["half a header", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }").subarray(0, 40), "incomplete"],
  ["no shape", npy("{'descr': '<f4', 'fortran_order': False}"), "no type, order and shape"],
  ["a shape that is none", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }"), "a dimension of"],
])("%s is no .npy file that can be shown", (_, bytes, words) => expect(() => readArray(bytes)).toThrow(words));

test("numbers of parameters are said as people say them, and exactly", () => {
  expect([999n, 1_234_567n, 7_241_732_096n, 1_000_000_000_000n].map(parametersText)).toEqual(["999", "1.23 million (1,234,567)", "7.24 billion (7,241,732,096)", "1 trillion (1,000,000,000,000)"]);
});
