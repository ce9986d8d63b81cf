import { elementsOf, Unreadable, type Model, type Tensor } from "./model";

/** Bits of an element of each type. Source: safetensors 0.8. */
const bits: Readonly<Record<string, bigint>> = {
  BOOL: 8n, F4: 4n, F6_E2M3: 6n, F6_E3M2: 6n, U8: 8n, I8: 8n, F8_E5M2: 8n, F8_E4M3: 8n, F8_E8M0: 8n, F8_E4M3FNUZ: 8n, F8_E5M2FNUZ: 8n, I16: 16n, U16: 16n, F16: 16n, BF16: 16n,
  I32: 32n, U32: 32n, F32: 32n, C64: 64n, F64: 64n, I64: 64n, U64: 64n,
};

/** Bytes of what stands before the header: its length. */
export const prefix = 8;

/** The length of the header, from the first bytes of a file; it throws Unreadable if these are none of a safetensors file. */
export function headerLength(start: Uint8Array, length: number): number {
  if (start.length < prefix) throw new Unreadable("This is no safetensors file: it is too short.");
  const n = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  if (n < 2n || n > BigInt(length - prefix)) throw new Unreadable(`This is no safetensors file, or it is incomplete: its header would have ${n.toLocaleString("en")} bytes.`);
  return Number(n);
}

/** What the header says of a tensor, unchecked. */
interface Entry {
  dtype?: unknown;
  shape?: unknown;
  data_offsets?: unknown;
}

/** Reads the header of a safetensors file. It throws Unreadable for whatever is no such header. */
export function readSafetensors(header: Uint8Array): Model {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header));
  } catch {
    throw new Unreadable("This is no safetensors file, or it is damaged: its header is not JSON.");
  }
  if (!isObject(parsed)) throw new Unreadable("This safetensors file is damaged: its header is not a JSON object.");
  const placed: { tensor: Tensor; from: number }[] = [];
  let notes: Model["notes"] = [];
  let last = 0;
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "__metadata__") {
      if (isObject(value)) notes = Object.entries(value).map(([key, text]) => [key, typeof text === "string" ? text : JSON.stringify(text)] as const);
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = isObject(value) ? (value as Entry) : {};
    const of = `the tensor ${JSON.stringify(name.slice(0, 80))}`;
    if (typeof dtype !== "string" || !Array.isArray(shape) || !Array.isArray(offsets)) throw new Unreadable(`This safetensors file is damaged: its header gives ${of} no type, shape or place.`);
    const [from, to] = offsets as unknown[];
    if (offsets.length !== 2 || !isPlace(from) || !isPlace(to) || from > to) throw new Unreadable(`This safetensors file is damaged: its header gives ${of} an impossible place.`);
    const elements = elementsOf(shape, of);
    const width = bits[dtype];
    if (width !== undefined && (elements * width + 7n) / 8n !== BigInt(to - from)) {
      throw new Unreadable(`This safetensors file is damaged: ${of} has ${(to - from).toLocaleString("en")} bytes, which is not what its type and shape need.`);
    }
    last = Math.max(last, to);
    placed.push({ tensor: { name, type: dtype, shape: shape as number[], elements, bytes: BigInt(to - from) }, from });
  }
  const tensors = placed.sort((a, b) => a.from - b.from).map(({ tensor }) => tensor);
  return { counted: "Parameters", tensors, notes, layout: "", end: BigInt(prefix + header.length + last) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlace(n: unknown): n is number {
  return typeof n === "number" && Number.isSafeInteger(n) && n >= 0;
}
