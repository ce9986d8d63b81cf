/** Text that was made of a file's bytes. */
export interface Decoded {
  text: string;
  /** What the bytes are read as, as people call it. */
  encoding: string;
  /** It was a guess: nothing in the file says so. */
  guessed: boolean;
}

/**
 * Makes text of the first bytes of a file, or of its last; undefined: it is none. A file says with a byte order mark that it is UTF-8 or UTF-16; what
 * says nothing and is no UTF-8 is read as Windows-1252, of which every byte is a character. whole: the bytes are all of the file, so that no
 * character is cut off at their ends.
 */
export function decode(bytes: Uint8Array, whole: boolean): Decoded | undefined {
  const [a, b, c] = bytes;
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder("utf-16le").decode(evenly(bytes)), encoding: "UTF-16", guessed: false };
  if (a === 0xfe && b === 0xff) return { text: new TextDecoder("utf-16be").decode(evenly(bytes)), encoding: "UTF-16", guessed: false };
  if (bytes.subarray(0, 65_536).includes(0)) return undefined; // no text has a NUL
  const marked = a === 0xef && b === 0xbb && c === 0xbf;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(whole ? bytes : atCharacters(bytes));
    return { text, encoding: "UTF-8", guessed: false };
  } catch {
    if (marked) return { text: new TextDecoder("utf-8").decode(bytes), encoding: "UTF-8, with bytes that are none,", guessed: false };
    return seemsText(bytes) ? { text: new TextDecoder("windows-1252").decode(bytes), encoding: "Windows-1252", guessed: true } : undefined;
  }
}

function evenly(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length - (bytes.length % 2));
}

/** The bytes without those of a character that began before them, or ends after them. */
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

/** Whether bytes that are no UTF-8 look like text in an older encoding: hardly any control characters. */
function seemsText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 65_536);
  let controls = 0;
  for (const byte of sample) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b) controls++;
  return controls * 500 <= sample.length;
}

/** Text of which long lines were cut. */
export interface Cut {
  text: string;
  /** How many lines were. */
  cut: number;
}

const longestLine = 5_000; // characters; editors take the time of a line's length for each stroke

/** Cuts long lines, and says at the end of each that there is more. */
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
