/** The records in a piece of a file of separated values. */
export interface Records {
  /** The byte offset of each complete record. */
  starts: Uint32Array;
  /** The number of cells of each. */
  widths: Uint32Array;
  /** The bytes of all complete records. The rest begins a record that continues in the next piece. */
  used: number;
  /** Whether that record continues within quotes. */
  open: boolean;
}

const quote = 34;
const lf = 10;
const cr = 13;

/**
 * Finds the records in bytes, which start at the beginning of a record. Quotes count only at the beginning of a cell, and are escaped by doubling. Lines end
 * with LF, CR LF or CR, and empty lines are skipped. last says that the file ends here. It can work on bytes, since in all supported encodings these
 * characters are never part of others.
 */
export function recordsIn(bytes: Uint8Array, delimiter: number, last: boolean): Records {
  const starts: number[] = [];
  const widths: number[] = [];
  const n = bytes.length;
  let used = 0;
  let cells = 1;
  let quoted = false;
  let fresh = true; // at the beginning of a cell
  for (let i = 0; i < n; i++) {
    const b = bytes[i];
    if (quoted) {
      if (b !== quote) continue;
      if (bytes[i + 1] === quote) i++;
      else quoted = false;
    } else if (b === quote && fresh) {
      quoted = true;
      fresh = false;
    } else if (b === delimiter) {
      cells++;
      fresh = true;
    } else if (b === lf || b === cr) {
      if (b === cr && i + 1 === n && !last) break; // an LF may follow in the next piece
      if (i > used) {
        starts.push(used);
        widths.push(cells);
      }
      if (b === cr && bytes[i + 1] === lf) i++;
      used = i + 1;
      cells = 1;
      fresh = true;
    } else fresh = false;
  }
  if (last && used < n) {
    starts.push(used);
    widths.push(cells);
    used = n;
  }
  return { starts: Uint32Array.from(starts), widths: Uint32Array.from(widths), used, open: quoted };
}

/** The cells of a record, up to most. The text may include the end of the line. */
export function cellsOf(text: string, delimiter: string, most: number): string[] {
  const cells: string[] = [];
  let end = text.length;
  if (text[end - 1] === "\n") end--;
  if (text[end - 1] === "\r") end--;
  let at = 0;
  while (cells.length < most) {
    let cell = "";
    if (text[at] === '"' && at < end) {
      at++;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0 || close >= end) {
          cell += text.slice(at, close < 0 ? text.length : end); // the quote is never closed, so the line's end belongs to the cell
          at = end;
          break;
        }
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    }
    const next = text.indexOf(delimiter, at);
    const stop = next < 0 || next > end ? end : next;
    cell += text.slice(at, stop); // includes text after a closing quote
    cells.push(cell);
    if (stop >= end) break;
    at = stop + 1;
  }
  return cells;
}

/** The supported delimiters. */
export const delimiters = [",", ";", "\t", "|"] as const;

/**
 * Detects the delimiter of a text: the one with which most records have the same number of cells, and more than one. A comma that belongs to the numbers of
 * another delimiter's cells is none, although it occurs in each record.
 */
export function delimiterOf(sample: string): string {
  let best = { sign: ",", score: 0 };
  const bytes = new TextEncoder().encode(sample);
  for (const sign of delimiters) {
    const { widths } = recordsIn(bytes, sign.charCodeAt(0), true);
    if (sign === "," && delimiters.some((other) => other !== sign && decimalCommas(bytes, other))) continue;
    const seen = new Map<number, number>();
    for (const width of widths.subarray(0, 100)) seen.set(width, (seen.get(width) ?? 0) + 1);
    let [usual, times] = [1, 0];
    for (const [width, count] of seen) if (width > 1 && count > times) [usual, times] = [width, count];
    const score = times === 0 ? 0 : times / Math.min(100, widths.length) + Math.min(usual, 20) / 1000;
    if (score > best.score) best = { sign, score };
  }
  return best.sign;
}

/** Whether all records have the same number of cells with this delimiter, and a column of numbers with decimal commas. */
function decimalCommas(bytes: Uint8Array, delimiter: string): boolean {
  const { starts, widths } = recordsIn(bytes, delimiter.charCodeAt(0), true);
  const most = Math.min(100, Math.max(1, starts.length - 1)); // the sample may end within the last one
  const width = widths[0] ?? 1;
  if (width === 1 || widths.subarray(0, most).some((one) => one !== width)) return false;
  const decoder = new TextDecoder();
  const records = Array.from(starts.subarray(0, most), (start, i) => cellsOf(decoder.decode(bytes.subarray(start, starts[i + 1])), delimiter, 100));
  const below = records.length > 1 ? records.slice(1) : records; // the first may be a header
  return (below[0] ?? []).some((_, column) => {
    const cells = below.map((record) => record[column] ?? "");
    return cells.some((cell) => cell.includes(",")) && kindOf(cells) === "number";
  });
}

/** The type of a column, according to the cells that were examined. */
export type Kind = "number" | "date" | "true or false" | "text" | "empty";

// With a decimal comma, too, and then with points between thousands.
const numeric = /^[+-]?(\d[\d_]*[.,]?\d*|[.,]\d+|\d{1,3}(\.\d{3})+,\d+)([eE][+-]?\d+)?$|^[+-]?(inf|infinity|nan)$/i;
const dated = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const logical = /^(true|false)$/i;

const longestNumber = 100; // characters; these expressions take quadratic time

function kindOfCell(cell: string): Kind {
  const text = cell.trim();
  if (text === "") return "empty";
  if (text.length > longestNumber) return "text";
  if (numeric.test(text)) return "number";
  if (logical.test(text)) return "true or false";
  return dated.test(text) ? "date" : "text";
}

/** The common type of the cells of a column; "text" if they differ. */
export function kindOf(cells: Iterable<string>): Kind {
  let kind: Kind = "empty";
  for (const cell of cells) {
    const one = kindOfCell(cell);
    if (one === "empty" || one === kind) continue;
    if (kind !== "empty") return "text";
    kind = one;
  }
  return kind;
}

/** Whether the first record is a header: all its cells are text and different, and a column below has another type, or all are text but look like no header. */
export function headed(records: readonly (readonly string[])[]): boolean {
  const [first, ...below] = records;
  if (first === undefined || first.some((cell) => !["text", "empty"].includes(kindOfCell(cell)))) return false;
  const names = first.filter((cell) => cell.trim() !== "");
  if (names.length < first.length - 1 || new Set(names).size < names.length) return false; // pandas writes its index as a column without a name
  if (below.length === 0) return true;
  if (first.some((_, i) => !["text", "empty"].includes(kindOf(below.map((cells) => cells[i] ?? ""))))) return true;
  // If everything is text, a header consists of short names that do not occur in their own columns.
  return names.every((name, i) => name.length <= 64 && !name.includes("\n") && below.every((cells) => cells[i] !== name));
}
