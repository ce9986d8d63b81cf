import { count, size } from "../format";

/** A named array of numbers in a file, according to the file's header. */
export interface Tensor {
  name: string;
  /** The type of its elements, as the header calls it. */
  type: string;
  shape: readonly number[];
  /** The number of elements. */
  elements: bigint;
  /** Its length in the file, in bytes; undefined where the type does not tell. */
  bytes: bigint | undefined;
}

/** What the header of a file of tensors says. */
export interface Model {
  /** What its elements are called. */
  counted: "Parameters" | "Elements";
  /** The tensors in the order of their bytes in the file. */
  tensors: readonly Tensor[];
  /** Notes of whoever wrote the file. */
  notes: readonly (readonly [key: string, value: string])[];
  /** What a reader has to know about the layout, in words; "" for nothing. */
  layout: string;
  /** Where the last tensor ends in the file; undefined where the types do not tell. */
  end: bigint | undefined;
}

/** The reason why a file cannot be shown, in words. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** The number of elements of a shape; it throws Unreadable for what is no shape. */
export function elementsOf(shape: readonly unknown[], of: string): bigint {
  if (shape.length > mostDimensions) throw new Unreadable(`The header gives ${of} ${count(shape.length, "dimension")}. At most ${mostDimensions} can be shown.`);
  let product = 1n;
  for (const length of shape) {
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) throw new Unreadable(`The header gives ${of} a dimension of ${String(length).slice(0, 40)}, which is impossible.`);
    product *= BigInt(length);
  }
  if (product > mostElements) throw new Unreadable(`The header gives ${of} more elements than any file can hold.`);
  return product;
}

const mostDimensions = 64; // numpy has no more
const mostElements = 2n ** 63n;

/** A shape in words, as in "4,096 × 1,024"; of a scalar "scalar". */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "scalar" : shape.map((n) => n.toLocaleString("en")).join(" × ");
}

const units = [[10n ** 12n, "trillion"], [10n ** 9n, "billion"], [10n ** 6n, "million"]] as const;

/** A number of parameters, as in "7.24 billion (7,241,732,096)". */
export function parametersText(n: bigint): string {
  const exact = n.toLocaleString("en");
  const unit = units.find(([from]) => n >= from);
  return unit === undefined ? exact : `${(Number((n * 100n) / unit[0]) / 100).toLocaleString("en")} ${unit[1]} (${exact})`;
}

/** The types of tensors, the one with the most elements first, each with the number of its tensors and their size. */
export function typesOf(tensors: readonly Tensor[]): string[] {
  const sums = new Map<string, { tensors: number; elements: bigint; bytes: bigint | undefined }>();
  for (const { type, elements, bytes } of tensors) {
    const sum = sums.get(type) ?? { tensors: 0, elements: 0n, bytes: 0n };
    sums.set(type, { tensors: sum.tensors + 1, elements: sum.elements + elements, bytes: sum.bytes === undefined || bytes === undefined ? undefined : sum.bytes + bytes });
  }
  return [...sums]
    .sort(([, a], [, b]) => (a.elements < b.elements ? 1 : -1))
    .map(([type, { tensors: n, bytes }]) => `${type}: ${count(n, "tensor")}${bytes === undefined ? "" : `, ${size(Number(bytes))}`}`);
}

/** What does not fit between a header and the length of its file, in words; "" if nothing does not. */
export function misfit({ end }: Model, length: number): string {
  if (end === undefined || end === BigInt(length)) return "";
  return end > BigInt(length)
    ? `This file is incomplete: according to its header it has ${size(Number(end))}, but only ${size(length)} are there. Upload it again.`
    : `${size(length - Number(end))} at the end of this file belong to no tensor.`;
}
