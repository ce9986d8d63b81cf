/** A run of text in one look, named by classes: ansi-red, ansi-bright, ansi-bold. */
export interface Run {
  text: string;
  look: string;
}

const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/**
 * What is left of a line when all of it was written: what stands behind the last carriage return that something follows. A regular expression would take the
 * square of the line's length: many seconds for 100,000 characters.
 */
function leftOf(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end--;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

/**
 * Takes text of terminals apart by its colours (ECMA-48, SGR 0, 1, 22, 30 to 39 and 90 to 97). All other control sequences are left out, and what a carriage return
 * overwrites is gone, as on a terminal: so progress bars show as they ended.
 */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let [bold, colour] = [false, ""];
  const add = (part: string) => {
    if (part !== "") runs.push({ text: part, look: [colour, bold ? "ansi-bold" : ""].filter((name) => name !== "").join(" ") });
  };
  const shown = text.split("\n").map(leftOf).join("\n");
  let from = 0;
  for (const found of shown.matchAll(/\x1b(?:\[([0-9;?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g)) {
    add(shown.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[2] !== "m") continue;
    const codes = (found[1] ?? "").split(";").map(Number);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] ?? 0;
      if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4; // of 256, or of all colours: not ours
      else if (code === 0) [bold, colour] = [false, ""];
      else if (code === 1) bold = true;
      else if (code === 22) bold = false;
      else if (code === 39) colour = "";
      else if (code >= 30 && code <= 37) colour = `ansi-${colours[code - 30] ?? ""}`;
      else if (code >= 90 && code <= 97) colour = `ansi-${colours[code - 90] ?? ""}`;
    }
  }
  add(shown.slice(from));
  return runs;
}
