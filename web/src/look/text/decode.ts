/** Text that was decoded from a file's bytes. */
export interface Decoded {
  text: string;
  /** The name of the encoding. */
  encoding: string;
  /** Whether the encoding is a guess. */
  guessed: boolean;
}

/**
 * Decodes the first or the last bytes of a file; undefined if they are not text. A byte order mark tells UTF-8 or UTF-16. Without one, text that is not
 * UTF-8 is decoded as Windows-1252, in which every byte is a character. whole says that the bytes are the whole file, so that no character is cut off at
 * the ends.
 */
export function decode(bytes: Uint8Array, whole: boolean): Decoded | undefined {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder("utf-16le").decode(evenly(bytes)), encoding: "UTF-16", guessed: false };
  if (a === 0xfe && b === 0xff) return { text: new TextDecoder("utf-16be").decode(evenly(bytes)), encoding: "UTF-16", guessed: false };
  if (bytes.subarray(0, 65_536).includes(0)) return undefined; // text contains no NUL
  const marked = a === 0xef && b === 0xbb && c === 0xbf;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(whole ? bytes : atCharacters(bytes));
    return { text, encoding: "UTF-8", guessed: false };
  } catch {
    if (marked) return { text: new TextDecoder("utf-8").decode(bytes), encoding: "UTF-8 with invalid bytes", guessed: false };
    return seemsText(bytes) ? { text: new TextDecoder("windows-1252").decode(bytes), encoding: "Windows-1252", guessed: true } : undefined;
  }
}

function evenly(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length - (bytes.length % 2));
}

/** The bytes without incomplete characters at their ends. */
function atCharacters(bytes: Uint8Array): Uint8Array {
  const follows = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let first = 0;
  while (first < 3 && follows(first)) first++;
  let last = bytes.length - 1;
  while (last > bytes.length - 4 && last > first && follows(last)) last--;
  const lead = bytes[last] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return bytes.subarray(first, last + length > bytes.length ? last : bytes.length);
}

/** Whether bytes that are not UTF-8 look like text in an older encoding, with hardly any control characters. */
function seemsText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 65_536);
  let controls = 0;
  for (const byte of sample) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b) controls++;
  return controls * 500 <= sample.length;
}

/** Text with long lines cut off. */
export interface Cut {
  text: string;
  /** The number of lines that were cut. */
  cut: number;
}

const longestLine = 5_000; // characters; editors get slow with long lines

const lineEnds = /\r\n?/g; // as the editor takes it: also CR alone, with which a progress bar writes one line over the other

/** The text with each line's end as LF, so that lines are counted and cut as the editor shows them. */
export function withPlainEnds(text: string): string {
  return text.replace(lineEnds, "\n");
}

/** Cuts long lines, which end with LF, and adds to each how much is missing. */
export function cutLines(text: string, longest = longestLine): Cut {
  let cut = 0;
  const parts: string[] = [];
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end;
    if (to - from > longest) {
      cut++;
      parts.push(`${text.slice(from, from + longest)} … (${(to - from - longest).toLocaleString("en")} more characters)`);
    } else parts.push(text.slice(from, to));
    from = to + 1;
  }
  return { text: parts.join("\n"), cut };
}
