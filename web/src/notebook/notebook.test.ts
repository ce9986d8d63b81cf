import { expect, test } from "vitest";
import { runsOf } from "./ansi";
import { readNotebook } from "./read";

const notebook = (cells: unknown[]) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: "python" } }, cells });

test("cells and outputs of version 4, with texts as lists of lines", () => {
  const read = readNotebook(
    notebook([
      { cell_type: "markdown", source: ["# A\n", "b"] },
      {
        cell_type: "code", source: "1/0", execution_count: 3,
        outputs: [
          { output_type: "stream", name: "stderr", text: ["warned\n"] },
          { output_type: "display_data", data: { "image/png": "aGVs\nbG8=\n", "text/plain": "<Figure>" } },
          { output_type: "execute_result", data: { "text/html": "<b>x</b>", "text/plain": "x" } },
          { output_type: "display_data", data: { "application/javascript": "alert(1)" } },
          { output_type: "error", ename: "ZeroDivisionError", evalue: "division by zero", traceback: ["a", "b"] },
        ],
      },
    ]),
  );
  expect(read.language).toBe("python");
  expect(read.cells[0]).toEqual({ kind: "markdown", source: "# A\nb", count: undefined, outputs: [] });
  expect(read.cells[1]?.count).toBe(3);
  expect(read.cells[1]?.outputs).toEqual([
    { kind: "text", text: "warned\n", error: true },
    { kind: "image", data: "aGVsbG8=" },
    { kind: "html", html: "<b>x</b>", text: "x" },
    { kind: "source", type: "application/javascript", text: "alert(1)" },
    { kind: "failure", text: "a\nb" },
  ]);
});

test("a notebook that Python has run and written may have NaN in its outputs", () => {
  const cell = { cell_type: "code", source: "", outputs: [{ output_type: "execute_result", data: { "application/json": { id: 1, loss: "@" }, "text/plain": "NaN" } }] };
  const read = readNotebook(notebook([cell]).replace('"@"', "NaN"));
  expect(read.cells[0]?.outputs).toEqual([{ kind: "source", type: "JSON", text: '{\n  "id": 1,\n  "loss": null\n}' }]);
});

test("version 3 has worksheets, inputs and headings", () => {
  const read = readNotebook(
    JSON.stringify({
      nbformat: 3, metadata: {},
      worksheets: [{ cells: [{ cell_type: "heading", level: 2, source: "Data" }, { cell_type: "code", input: "x", prompt_number: 1, outputs: [{ output_type: "pyout", text: ["5"], png: "aGk=" }] }] }],
    }),
  );
  expect(read.cells).toEqual([
    { kind: "markdown", source: "## Data", count: undefined, outputs: [] },
    { kind: "code", source: "x", count: 1, outputs: [{ kind: "image", data: "aGk=" }] },
  ]);
});

test.each([
  ["{", /not valid JSON/],
  ["[]", /not a JSON object/],
  ['{"cells":[]}', /nbformat/],
  ['{"nbformat":7}', /nbformat 7/],
  ['{"nbformat":4}', /cells are not a list/],
  [notebook([null]), /cell 1 is not an object/],
  [notebook([{ cell_type: "code", source: 5 }]), /source of cell 1/],
  [notebook([{ cell_type: "code", source: "", outputs: [{ output_type: "stream", text: [1] }] }]), /output 1 of cell 1/],
])("what is no notebook is said: %s", (text, words) => {
  expect(() => readNotebook(text)).toThrow(words);
});

test("colours of terminals become looks, and all other control sequences go", () => {
  expect(runsOf("a\x1b[1;31mb\x1b[0mc\x1b[2J\x1b]0;title\x07d")).toEqual([
    { text: "a", look: "" },
    { text: "b", look: "ansi-red ansi-bold" },
    { text: "c", look: "" },
    { text: "d", look: "" },
  ]);
  expect(runsOf("\x1b[38;5;196mx\x1b[48;2;1;2;3my").map((run) => run.text).join("")).toBe("xy");
  expect(runsOf("10%\r50%\r100%\ndone\r\n")).toEqual([{ text: "100%\ndone\n", look: "" }]);
  expect(runsOf("a\rb\r\r\nc\r\r").map((run) => run.text).join("")).toBe("b\nc");
});

test("a long line is taken apart in no time", { timeout: 5_000 }, () => {
  expect(runsOf("x".repeat(100_000))).toHaveLength(1);
  expect(runsOf("\r".repeat(100_000) + "x")).toEqual([{ text: "x", look: "" }]);
});
