/** A run of text with the same style, given as classes such as ansi-red and ansi-bold. */
export interface Run {
  text: string;
  look: string;
}

const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/**
 * What remains of a line on a terminal: the part after the last carriage return that is followed by text. A regular expression would take quadratic time,
 * which is many seconds for 100,000 characters.
 */
function leftOf(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end--;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

/**
 * Splits terminal output by its colours (ECMA-48, SGR 0, 1, 22, 30 to 39 and 90 to 97). Other control sequences are removed. Carriage returns overwrite text
 * as on a terminal, so that progress bars show their final state.
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
      if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4; // 256 and RGB colours, which are not supported
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
