/** The most characters of a value, unless the full value is requested. */
export const shortText = 2000;
/** The most characters of a full value. */
export const longText = 1_000_000;

const strict = new TextDecoder("utf-8", { fatal: true });

/** Bytes as text, if they are text, else as hexadecimal digits with their length. */
function bytesText(bytes: Uint8Array, most: number): string {
  try {
    const text = strict.decode(bytes);
    if (!/[\u0000-\u0008\u000e-\u001f]/.test(text)) return text;
  } catch {
    // not text
  }
  const some = bytes.subarray(0, Math.max(16, Math.floor(Math.min(most, 4000) / 2)));
  const digits = Array.from(some, (b) => b.toString(16).padStart(2, "0")).join("");
  return `0x${digits}${some.length < bytes.length ? "…" : ""} (${bytes.length.toLocaleString("en")} bytes)`;
}

const longestDecimal = 64; // bytes, and decimal places: twice as many as any type of decimals has

/** A decimal number, of which value has the digits: as an integer, or as the bytes of one in two's complement. A double would not hold all of them. */
function decimalText(value: number | bigint | Uint8Array, scale: number): string {
  const hex = typeof value === "object" ? Array.from(value, (b) => b.toString(16).padStart(2, "0")).join("") : "";
  const number = typeof value === "object" ? BigInt.asIntN(8 * value.length, BigInt(`0x0${hex}`)) : BigInt(value);
  const digits = String(number < 0n ? -number : number).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${number < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`;
}

/** What values stand for. Lists are not a level of their own: it is what their elements stand for. */
export interface Meaning {
  /** The decimal places of decimal numbers, whose values are without the point. */
  scale?: number | undefined;
  /** The digits after the second of times of day, whose values are in units of the last one, since midnight. */
  clock?: number | undefined;
  /** Whether numbers are in single precision. */
  single?: boolean;
  /** What the members of structs stand for, by their names. */
  members?: ReadonlyMap<string, Meaning>;
  /** What the values of maps stand for. */
  entries?: Meaning;
}

/** A number as text: if it is one in single precision, the shortest that is it, 0.1 and not 0.10000000149011612. */
function numberText(v: number, single: boolean): string {
  if (single && !Number.isSafeInteger(v)) {
    for (let digits = 1; digits <= 9; digits++) {
      const short = Number(v.toPrecision(digits));
      if (Math.fround(short) === v) return String(short);
    }
  }
  return String(v);
}

/** A number that stands for something else, as text: a decimal number, or a time of day. undefined if it does not. */
function meantText(value: unknown, { scale, clock }: Meaning): string | undefined {
  if (clock !== undefined && (typeof value === "bigint" || Number.isInteger(value))) {
    const [day, time] = new Moment(BigInt(value as number | bigint), clock).toString().split(" ");
    if (day === "1970-01-01" && time !== undefined) return time; // some writers store spans of time like this, which may be longer
  }
  if (scale === undefined || scale < 0 || scale > longestDecimal) return undefined;
  if (typeof value === "bigint" || Number.isInteger(value)) return decimalText(value as number | bigint, scale);
  return value instanceof Uint8Array && value.length <= longestDecimal ? decimalText(value, scale) : undefined;
}

/** A value as text of about most characters at the most, nested ones as JSON. null for no value. */
export function textOf(value: unknown, most: number, meaning: Meaning = {}): string | null {
  if (value === null || value === undefined) return null;
  const meant = meantText(value, meaning);
  if (meant !== undefined) return meant;
  if (typeof value === "string") return value.length > most ? `${value.slice(0, most)}…` : value;
  if (typeof value === "number") return numberText(value, meaning.single === true);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Moment) return value.toString();
  if (value instanceof Uint8Array) return bytesText(value, most);
  const parts: string[] = [];
  const left = { characters: most };
  json(value, parts, left, meaning);
  return left.characters < 0 ? `${parts.join("").slice(0, most)}…` : parts.join("");
}

function json(value: unknown, parts: string[], left: { characters: number }, meaning: Meaning): void {
  if (left.characters < 0) return;
  const put = (text: string) => {
    parts.push(text);
    left.characters -= text.length;
  };
  const each = (begin: string, end: string, items: Iterable<() => void>) => {
    put(begin);
    let several = false;
    for (const item of items) {
      if (left.characters < 0) return;
      if (several) put(", ");
      several = true;
      item();
    }
    put(end);
  };
  const meant = meantText(value, meaning);
  if (value === null || value === undefined) put("null");
  else if (meant !== undefined) put(meaning.clock === undefined ? meant : JSON.stringify(meant));
  else if (typeof value === "string") put(JSON.stringify(value.slice(0, Math.max(0, left.characters + 1))));
  else if (typeof value === "number") put(numberText(value, meaning.single === true));
  else if (typeof value === "bigint" || typeof value === "boolean") put(String(value));
  else if (value instanceof Moment) put(JSON.stringify(value.toString()));
  else if (value instanceof Uint8Array) put(JSON.stringify(bytesText(value, 200)));
  else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = Array.isArray(value) ? value : Array.from(value as unknown as ArrayLike<unknown>);
    each("[", "]", (function* () {
      for (const item of items as readonly unknown[]) yield () => json(item, parts, left, meaning);
    })());
  } else if (typeof value === "object") {
    each("{", "}", (function* () {
      for (const key of Object.keys(value)) {
        yield () => {
          put(`${JSON.stringify(key)}: `);
          json((value as Record<string, unknown>)[key], parts, left, meaning.entries ?? meaning.members?.get(key) ?? {});
        };
      }
    })());
  }
}

/** A time in a file, in its full precision. */
export class Moment {
  readonly #count: bigint;
  readonly #digits: number;

  /** count is in units of 10^-digits seconds since 1970. With 0 digits it is a date without a time. */
  constructor(count: bigint, digits: number) {
    this.#count = count;
    this.#digits = digits;
  }

  toString(): string {
    const perSecond = 10n ** BigInt(this.#digits);
    let seconds = this.#count / perSecond;
    if (this.#count % perSecond < 0n) seconds--;
    const date = new Date(Number(seconds) * 1000);
    if (Number.isNaN(date.getTime())) return `${seconds} s since 1970`;
    const [day = "", time = ""] = date.toISOString().slice(0, -5).split("T");
    if (this.#digits === 0) return day;
    const part = this.#count - seconds * perSecond;
    return `${day} ${time}${part === 0n ? "" : `.${part.toString().padStart(this.#digits, "0")}`}`;
  }
}
