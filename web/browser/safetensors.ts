/** A safetensors file of zeros: 16-bit tensors by name, each with its shape. */
export function safetensors(shapes: Readonly<Record<string, readonly number[]>>, metadata: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
  let at = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const from = at;
    at += 2 * shape.reduce((n, length) => n * length, 1);
    return [name, { dtype: "BF16", shape, data_offsets: [from, at] }] as const;
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries])));
  const bytes = new Uint8Array(8 + header.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}
