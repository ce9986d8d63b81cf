import { elementsOf, Unreadable, type Model } from "./model";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"

/** Bytes of what stands before the header, at most. */
export const prefix = 12;

/** Where the header of a .npy file begins and ends. Source: NEP 1, and `numpy.lib.format` for versions 2 and 3. */
export function headerPlace(start: Uint8Array, length: number): { from: number; to: number } {
  if (start.length < prefix || magic.some((byte, i) => start[i] !== byte)) throw new Unreadable("This is no .npy file: it does not begin as one.");
  const [version = 0] = start.subarray(magic.length);
  if (version < 1 || version > 3) throw new Unreadable(`This .npy file has format version ${version}. Versions 1 to 3 can be shown.`);
  const view = new DataView(start.buffer, start.byteOffset);
  const [from, n] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (from + n > length) throw new Unreadable(`This .npy file is incomplete: its header would have ${n.toLocaleString("en")} bytes.`);
  return { from, to: from + n };
}

const kinds: Readonly<Record<string, string>> = {
  b: "bool", i: "int", u: "uint", f: "float", c: "complex", S: "bytes", a: "bytes", U: "str", V: "void", M: "datetime", m: "timedelta", O: "object",
};

/** The type that a description such as "<f4" stands for, as numpy calls it, and the bytes of an element; undefined where those depend on the element. */
function typeOf(description: string): { type: string; width: bigint | undefined } {
  const [, order = "", kind = "", digits = "", unit = ""] = /^([<>|=]?)([a-zA-Z])(\d{0,9})(\[.*\])?$/.exec(description) ?? [];
  const name = kinds[kind];
  if (name === undefined) return { type: description, width: undefined };
  const n = BigInt(digits === "" ? 0 : digits);
  const big = order === ">" ? ", big-endian" : "";
  if (kind === "O") return { type: "object (pickled)", width: undefined };
  if (kind === "b") return { type: "bool", width: 1n };
  if (kind === "U") return { type: `str${n}${big}`, width: 4n * n };
  if ("SaV".includes(kind)) return { type: `${name}${n}`, width: n };
  return { type: `${name}${8n * n}${unit}${big}`, width: n };
}

/** Reads the header of a .npy file, which ends at byte to. It throws Unreadable for whatever is no such header. */
export function readNpy(header: Uint8Array, to: number): Model {
  const text = new TextDecoder().decode(header).trim();
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const description = /'descr'\s*:\s*(?:'([^']*)'|(\[.*?\])\s*,\s*'(?:fortran_order|shape)')/s.exec(text);
  if (shape === undefined || fortran === undefined || description === null) throw new Unreadable("This .npy file is damaged: its header gives no type, order and shape.");
  const dimensions = shape.split(",").map((n) => n.trim().replace(/L$/, "")).filter((n) => n !== "").map(Number);
  const elements = elementsOf(dimensions, "the array");
  const { type, width } = description[1] === undefined ? { type: description[2] ?? "", width: undefined } : typeOf(description[1]);
  const bytes = width === undefined ? undefined : elements * width;
  const layout = dimensions.length < 2 ? "" : fortran === "True" ? "column by column (Fortran order)" : "row by row (C order)";
  return { counted: "Elements", tensors: [{ name: "array", type, shape: dimensions, elements, bytes }], notes: [], layout, end: bytes === undefined ? undefined : BigInt(to) + bytes };
}
