import { test } from "vitest";
import { as, Caller, person, project, url } from "./house";
import { look } from "./pictures";
import { picture } from "./samples";

const code = (execution_count: number, source: string, outputs: readonly object[] = []) => ({ cell_type: "code", execution_count, source, outputs, metadata: {} });

/** A curve that falls, on white paper, as libraries for plots draw it. */
const curve = () =>
  picture(420, 220, (x, y) => {
    const at = 30 + 160 * Math.exp(-(x - 30) / 110);
    if (x === 30 || y === 200) return [60, 60, 60];
    return x > 30 && Math.abs(y - (220 - at)) < 2 ? [0, 114, 178] : [255, 255, 255];
  });

const notebook = () =>
  JSON.stringify({
    nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: "python" } },
    cells: [
      { cell_type: "markdown", source: "# Which voices are hard?\n\nA look at the **validation set**, by speaker. The clips are in [clips](../Training_Datasets)." },
      code(1, 'import pandas\n\nclips = pandas.read_csv("webhdfs:///Projects/compilers/Training_Datasets/clips.csv")\nclips.groupby("speaker").seconds.mean()  # of all languages', [
        { output_type: "execute_result", data: { "text/html": "<table><tr><td>s001</td></tr></table>", "text/plain": "speaker\ns001    4.21\ns002    3.98\ns003    7.10\nName: seconds, dtype: float64" } },
      ]),
      code(2, "plot(losses)", [
        { output_type: "stream", name: "stdout", text: "epoch 1\repoch 2\repoch 10: loss 0.031\n" },
        { output_type: "display_data", data: { "image/png": Buffer.from(curve()).toString("base64"), "text/plain": "<Figure size 420x220>" } },
      ]),
      code(3, "model.load(None)", [
        { output_type: "error", ename: "TypeError", evalue: "load() wants a path", traceback: ["\u001b[0;31m---------------------------------------\u001b[0m", "\u001b[0;31mTypeError\u001b[0m: load() wants a path"] },
      ]),
    ],
  });

test("a notebook, and on a phone", async () => {
  const [user, p] = ["barbara", "compilers"];
  person(user);
  project(user, p);
  const path = `/Projects/${p}/Notebooks/voices.ipynb`;
  await new Caller(user).put(path, notebook());
  const page = await as(user, `/files${path}`);
  const ready = async () => {
    await page.getByRole("img", { name: "Output 2 of cell 3" }).waitFor();
    await page.locator(".tok-keyword").first().waitFor();
  };
  await page.getByRole("heading", { name: "Which voices are hard?" }).waitFor();
  await look(page, "notebook", ready);
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto(`${url}/files${path}`);
  await page.getByRole("heading", { name: "Which voices are hard?" }).waitFor();
  await look(page, "phone-notebook");
});
