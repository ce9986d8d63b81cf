const units: Readonly<Record<string, number>> = {
  "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, pb: 1e15,
  kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40, pib: 2 ** 50,
};
const shown = ["PiB", "TiB", "GiB", "MiB", "KiB"] as const;

/** Parses a size such as 500 GiB. An empty text is -1, which stands for no limit; undefined if the text is not a size. */
export function bytesOf(text: string): number | undefined {
  if (text.trim() === "") return -1;
  const found = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = units[found?.[2]?.toLowerCase() ?? "?"];
  if (found === null || unit === undefined) return undefined;
  const bytes = Math.round(Number(found[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A limit in bytes as bytesOf parses it, exact; "" for no limit. */
export function limitText(bytes: number): string {
  if (bytes < 0) return "";
  const unit = shown.find((u) => bytes > 0 && bytes % (units[u.toLowerCase()] ?? 1) === 0);
  return unit === undefined ? `${bytes} B` : `${bytes / (units[unit.toLowerCase()] ?? 1)} ${unit}`;
}

/** Parses a number of files. An empty text is -1, which stands for no limit; undefined if the text is not a number. */
export function namesOf(text: string): number | undefined {
  const plain = text.replaceAll(/[\s,]/g, "");
  if (plain === "") return -1;
  const n = Number(plain);
  return /^\d+$/.test(plain) && Number.isSafeInteger(n) ? n : undefined;
}
