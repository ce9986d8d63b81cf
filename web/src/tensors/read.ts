import { size } from "../format";
import { joined, readPart, type Part } from "../look/bytes";
import { endingOf } from "../look/kind";
import { nameOf, type Path } from "../path";
import { Unreadable, type Model } from "./model";
import * as npy from "./npy";
import * as safetensors from "./safetensors";

const first = 64 << 10; // bytes that are read at first, which hold most headers
const most = 16 << 20; // bytes of the largest header that is shown

/** A model, and the length of its file in the same state. */
export interface Read {
  model: Model;
  length: number;
}

/** Reads the header of a file of tensors, and nothing else. */
export async function readModel(path: Path, signal: AbortSignal): Promise<Read> {
  const start = await readPart(path, 0, first, { signal });
  if (endingOf(nameOf(path)) === "npy") {
    const { from, to } = npy.headerPlace(start.bytes, start.total);
    return { model: npy.readNpy((await upTo(path, start, to, signal)).subarray(from), to), length: start.total };
  }
  const to = safetensors.prefix + safetensors.headerLength(start.bytes, start.total);
  return { model: safetensors.readSafetensors((await upTo(path, start, to, signal)).subarray(safetensors.prefix)), length: start.total };
}

/** The bytes of a file up to an offset, of which start may hold all. */
async function upTo(path: Path, { bytes, etag }: Part, to: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  if (to > most) throw new Unreadable(`The header of this file is too large: it has ${size(to)}, and the limit is ${size(most)}.`);
  if (to <= bytes.length) return bytes.subarray(0, to);
  const rest = await readPart(path, bytes.length, to - bytes.length, { signal, etag });
  return joined([bytes, rest.bytes]);
}
