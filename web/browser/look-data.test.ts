import type { Page } from "playwright-core";
import { test } from "vitest";
import { as, Caller, person, project, url } from "./house";
import { parquet, swollen } from "./parquet";
import { look } from "./pictures";
import { safetensors } from "./safetensors";

/** Somebody with a project; the names are the same in each run. */
function scene(user: string, name: string): { dir: string; caller: Caller } {
  person(user);
  return { dir: `/Projects/${project(user, name)}/Training_Datasets`, caller: new Caller(user) };
}

const words = ["the north wind and the sun", "a quick brown fox", "please call Stella", "rainbow passage, first part", "she sells sea shells"];

function speakers(rows: number): string {
  const lines = ["clip,speaker,text,seconds,recorded,checked"];
  for (let i = 1; i <= rows; i++) {
    const text = i % 9 === 4 ? '"He said: ""wait"",\nand left."' : `"${words[i % words.length] ?? ""}"`;
    lines.push(`clips/${String(i).padStart(5, "0")}.wav,s${String((i * 37) % 211).padStart(3, "0")},${text},${(((i * 7919) % 900) / 100 + 1).toFixed(2)},2026-0${1 + (i % 9)}-${10 + (i % 18)},${i % 7 === 0 ? "" : i % 3 !== 0}`);
  }
  return `${lines.join("\n")}\n`;
}

const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

async function cell(page: Page, text: string): Promise<void> {
  await page.getByRole("gridcell", { name: text, exact: true }).first().click();
}

test("a table, its columns, a cell in full, and on a phone", async () => {
  const { dir, caller } = scene("annie", "voices");
  await caller.put(`${dir}/speakers.csv`, speakers(48_211));
  await caller.put(`${dir}/odd.csv`, Uint8Array.from(Buffer.from("name;city;age\nJos\xe9;K\xf6ln;41\nAda;London\n\"Gr\u0061ce\";Arlington;85;x\n", "latin1")));
  const page = await as("annie", `/files${dir}/speakers.csv?row=247`);
  await page.getByText("All 48,211 rows").waitFor();
  await page.locator(".table-row.marked").waitFor();
  await page.getByRole("row", { name: "247" }).getByRole("gridcell").nth(2).click();
  await look(page, "table");
  await page.getByRole("row", { name: "247" }).getByRole("gridcell").nth(2).dblclick();
  await page.getByRole("dialog").getByText("wait").waitFor();
  await look(page, "table-cell");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "6 columns" }).click();
  await page.getByRole("checkbox", { name: "checked" }).uncheck();
  await look(page, "table-columns");

  await page.goto(`${url}/files${dir}/odd.csv`);
  await page.getByText("it is shown as Windows-1252").waitFor();
  await look(page, "table-odd");

  const small = await as("annie", `/files${dir}/speakers.csv?row=247`, {}, phone);
  await small.locator(".table-row.marked").waitFor();
  await cell(small, "s066");
  await look(small, "table-phone");
});

const each = <T>(rows: number, make: (i: number) => T) => Array.from({ length: rows }, (_, i) => make(i));

function examples(rows: number): Uint8Array<ArrayBuffer> {
  return parquet(
    [
      { name: "clip", data: each(rows, (i) => `clips/${String(i + 1).padStart(5, "0")}.wav`), type: "STRING", nullable: false },
      { name: "text", data: each(rows, (i) => (i % 11 === 3 ? null : i % 13 === 5 ? "" : (words[i % words.length] ?? ""))), type: "STRING" },
      { name: "seconds", data: each(rows, (i) => Math.round(((i * 7919) % 900) + 100) / 100), type: "DOUBLE" },
      { name: "recorded", data: each(rows, (i) => new Date(1_764_201_600_000 + i * 61_007)), type: "TIMESTAMP" },
      { name: "tokens", data: each(rows, (i) => each(4 + (i % 5), (k) => (i * 31 + k * 17) % 5000)), type: "JSON" },
      { name: "embedding", data: each(rows, (i) => Uint8Array.from({ length: 64 }, (_, k) => (Math.imul(i + 7, 2654435761 + k * 40503) >>> 13) & 255)), type: "BYTE_ARRAY" },
    ],
    rows / 4,
    "parquet-cpp-arrow version 21.0.0",
  );
}

test("a Parquet file: rows, schema, a row group that is too much, and on a phone", async () => {
  const { dir, caller } = scene("radia", "bridges");
  const file = examples(20_000);
  await caller.put(`${dir}/train-00000.parquet`, file);
  const filler = 82 << 20;
  const { head, tail } = swollen(file, "embedding", filler);
  await caller.put(`${dir}/embeddings.parquet`, head);
  await caller.append(`${dir}/embeddings.parquet`, new Uint8Array(filler));
  await caller.append(`${dir}/embeddings.parquet`, tail);
  await caller.put(`${dir}/cut-off.parquet`, file.slice(0, 500_000));
  const page = await as("radia", `/files${dir}/train-00000.parquet`);
  await cell(page, "clips/00004.wav");
  await look(page, "parquet");
  await page.getByRole("button", { name: "Schema" }).click();
  await page.getByRole("region", { name: "Row groups" }).waitFor();
  await look(page, "parquet-schema");
  await page.goto(`${url}/files${dir}/embeddings.parquet`);
  await page.getByRole("heading", { name: "Too much data to load at once" }).waitFor();
  await look(page, "parquet-much");
  await page.goto(`${url}/files${dir}/cut-off.parquet`);
  await page.getByText("This is not a Parquet file").waitFor();
  await look(page, "parquet-refused");
  const small = await as("radia", `/files${dir}/train-00000.parquet`, {}, phone);
  await cell(small, "clips/00004.wav");
  await look(small, "parquet-phone");
});

/** The shapes of a small language model. */
function transformer(layers: number, width: number): Record<string, readonly number[]> {
  const shapes: Record<string, readonly number[]> = { "model.embed_tokens.weight": [4 * width, width] };
  for (let i = 0; i < layers; i++) {
    for (const part of ["q_proj", "k_proj", "v_proj", "o_proj"]) shapes[`model.layers.${i}.self_attn.${part}.weight`] = [width, width];
    for (const part of ["gate_proj", "up_proj"]) shapes[`model.layers.${i}.mlp.${part}.weight`] = [3 * width, width];
    shapes[`model.layers.${i}.mlp.down_proj.weight`] = [width, 3 * width];
    shapes[`model.layers.${i}.input_layernorm.weight`] = [width];
  }
  return { ...shapes, "model.norm.weight": [width], "lm_head.weight": [4 * width, width] };
}

test("a model: its tensors, those that are looked for, and one that is incomplete", async () => {
  const { dir, caller } = scene("ida", "tides");
  const file = safetensors(transformer(6, 192), { format: "pt", base_model: "harmonics-small", trained_by: "tides/train.py, step 48,000" });
  await caller.put(`${dir}/model.safetensors`, file);
  await caller.put(`${dir}/model-half.safetensors`, file.slice(0, file.length / 2));
  const page = await as("ida", `/files${dir}/model.safetensors`);
  await page.getByText("lm_head.weight").waitFor();
  await look(page, "tensors");
  await page.getByRole("searchbox", { name: "Filter tensors" }).fill("Q_Proj");
  await page.getByText("6 tensors of 51").waitFor();
  await page.goto(`${url}/files${dir}/model-half.safetensors`);
  await page.getByText("This file is incomplete").waitFor();
  await look(page, "tensors-incomplete");
  const small = await as("ida", `/files${dir}/model.safetensors`, {}, phone);
  await small.getByText("lm_head.weight").waitFor();
  await look(small, "phone-tensors");
});
