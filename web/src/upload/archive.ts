const block = 512;

/** A file in an archive. Its name is a relative path. */
export interface Member {
  name: string;
  content: Blob;
}

const text = new TextEncoder();

function field(head: Uint8Array, offset: number, value: string): void {
  head.set(text.encode(value), offset);
}

function octal(n: number, digits: number): string {
  return `${n.toString(8).padStart(digits, "0")}\0`;
}

/** A header of 512 bytes, in the format ustar; name has at most 100 bytes. */
function header(name: string, size: number, type: "0" | "x"): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(block);
  field(head, 0, name);
  field(head, 100, octal(0o644, 7));
  field(head, 108, octal(0, 7));
  field(head, 116, octal(0, 7));
  field(head, 124, octal(size, 11));
  field(head, 136, octal(0, 11));
  field(head, 148, " ".repeat(8)); // counts as spaces in the checksum, which is written here
  field(head, 156, type);
  field(head, 257, "ustar\0" + "00");
  const sum = head.reduce((n, byte) => n + byte, 0);
  field(head, 148, `${octal(sum, 6)} `);
  return head;
}

function padding(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((block - (size % block)) % block);
}

/** A PAX record "length key=value\n"; the length includes its own digits. */
function record(key: string, value: string): Uint8Array<ArrayBuffer> {
  const rest = text.encode(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  const whole = new Uint8Array(length);
  whole.set(text.encode(String(length)));
  whole.set(rest, length - rest.length);
  return whole;
}

/** A tar archive of files, which are read only while it is sent. Names that do not fit into ustar become PAX records. */
export function archive(members: readonly Member[]): Blob {
  const parts: BlobPart[] = [];
  for (const { name, content } of members) {
    const plain = /^[\x20-\x7e]{1,100}$/.test(name) && !name.endsWith("/");
    if (!plain) {
      const path = record("path", name);
      parts.push(header("PaxHeader", path.length, "x"), path, padding(path.length));
    }
    parts.push(header(plain ? name : "file", content.size, "0"), content, padding(content.size));
  }
  parts.push(new Uint8Array(2 * block));
  return new Blob(parts);
}
