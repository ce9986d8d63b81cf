import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { as, Caller, person, project, url } from "./house";
import { look } from "./pictures";
import { bomb, picture, sound } from "./samples";

const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

const readme = `# Dawn chorus

Recordings of a wood at sunrise, cut into calls, for a model that names birds by their voices.

| Split | Calls | Hours |
|:--|--:|--:|
| train | 18,204 | 41.2 |
| validation | 1,020 | 2.3 |

![A spectrogram of a robin](figures/robin.png)

## How to read it

\`\`\`python
import pandas as pd

calls = pd.read_csv("calls.csv")
\`\`\`

- [x] cut and labelled
- [ ] checked by a second person, see [notes](notes.md)

The site of the [recording society](https://example.org/dawn) tells more.
`;

const code = `"""Trains a model that names birds by their voices."""
import json
from pathlib import Path

RATE = 22_050  # samples a second


class Wood:
    """Calls of one morning, in the order in which they were heard."""

    def __init__(self, folder: Path, least: float = 0.25) -> None:
        self.folder = folder
        self.least = least

    def calls(self):
        for path in sorted(self.folder.glob("*.wav")):
            about = json.loads(path.with_suffix(".json").read_text())
            if about["seconds"] < self.least:
                continue  # clicks and drops of rain
            yield path, about["bird"]


def train(wood: Wood, epochs: int = 12) -> float:
    """Returns the loss of the last epoch."""
    loss = 1.0
    for epoch in range(epochs):
        for path, bird in wood.calls():
            loss *= 0.9995
        print(f"epoch {epoch + 1} of {epochs}: {loss:.4f}")
    return loss
`;

const settings = {
  model: { kind: "conformer", layers: 12, heads: 8, dropout: 0.1, frozen: false, parent: null },
  runs: Array.from({ length: 40 }, (_, i) => ({ name: `night-${i + 1}`, seed: 90_071_992 + i, loss: Math.round(1e4 / (i + 3)) / 1e4, birds: ["robin", "wren", "song thrush"] })),
  "made by": "ada",
};

/** A picture of a sound that never was: the same in each run. */
const spectrogram = (width: number, height: number, pitch: number) =>
  picture(width, height, (x, y) => {
    const line = height * (0.55 - 0.3 * Math.sin((x / width) * pitch));
    const loud = Math.max(Math.exp(-((y - line) ** 2) / (height * 3)), 0.6 * Math.exp(-((y - line * 0.5) ** 2) / height)) * (0.6 + 0.4 * Math.sin(x / 9));
    return [20 + 225 * loud, 12 + 160 * loud ** 1.6, 50 + 60 * loud * (1 - loud)].map(Math.round) as [number, number, number];
  });

async function scene(user: string, p: string): Promise<string> {
  person(user);
  project(user, p);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Resources`;
  await caller.put(`${dir}/README.md`, readme);
  await caller.put(`${dir}/calls.csv`, "call,bird\n1,robin\n");
  await caller.put(`${dir}/train.py`, code);
  await caller.put(`${dir}/settings.json`, JSON.stringify(settings));
  await caller.put(`${dir}/figures/robin.png`, spectrogram(720, 220, 9));
  await caller.put(`${dir}/figures/thrush.png`, spectrogram(720, 420, 15));
  await caller.put(`${dir}/figures/wood.png`, bomb(20_000, 20_000));
  await caller.put(`${dir}/figures/wren.png`, spectrogram(480, 480, 21));
  await caller.put(`${dir}/sunrise.webm`, new Uint8Array(readFileSync(join(import.meta.dirname, "film.webm"))));
  await caller.put(`${dir}/robin.wav`, sound(12));
  return dir;
}

test("text, Markdown, a README, JSON, an image, one that is refused, a film and a sound", async () => {
  const dir = await scene("rosa", "birdsong");
  const page = await as("rosa", `/files${dir}/train.py?line=24`);
  await page.getByLabel("File contents").getByText("def train").waitFor();
  await expect.poll(() => page.locator(".cm-line span[class]").count()).toBeGreaterThan(20);
  await look(page, "text");
  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).pressSequentially("wood");
  await look(page, "text-find");

  await page.goto(`${url}/files${dir}`);
  await page.getByRole("img", { name: "A spectrogram of a robin" }).waitFor();
  await look(page, "readme");
  await page.goto(`${url}/files${dir}/README.md`);
  await page.getByRole("img", { name: "A spectrogram of a robin" }).waitFor();
  await look(page, "markdown");

  await page.goto(`${url}/files${dir}/settings.json`);
  const tree = page.getByRole("tree", { name: "File contents" });
  await tree.getByRole("treeitem", { name: /^model/ }).click();
  await tree.getByRole("treeitem", { name: /^runs/ }).click();
  await tree.getByRole("treeitem", { name: "2: {…} 4 keys", exact: true }).click();
  await page.getByLabel("Find keys and values").fill("night-3");
  await page.getByText("11 matches").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("1 of 11 matches").waitFor();
  await look(page, "json");

  await page.goto(`${url}/files${dir}/figures/thrush.png`);
  await page.getByText("2 of 4").waitFor();
  await page.getByText("720 × 420 pixels").waitFor();
  await look(page, "image");
  await page.goto(`${url}/files${dir}/figures/wood.png`);
  await page.getByText("The image is too large: it has 20,000 × 20,000 pixels").waitFor();
  await look(page, "image-refused");

  await page.goto(`${url}/files${dir}/sunrise.webm`);
  await page.getByText("480 × 270 pixels").waitFor();
  await look(page, "film");
  await page.goto(`${url}/files${dir}/robin.wav`);
  await expect.poll(() => page.locator("audio").evaluate((a: HTMLAudioElement) => Math.round(a.duration))).toBe(12);
  await look(page, "sound");
});

test("inside of files on a phone", async () => {
  const dir = await scene("vera", "owls");
  const page = await as("vera", `/files${dir}`, {}, phone);
  await page.getByRole("img", { name: "A spectrogram of a robin" }).waitFor();
  await look(page, "phone-readme");
  await page.goto(`${url}/files${dir}/train.py`);
  await page.getByLabel("File contents").getByText("def train").waitFor();
  await look(page, "phone-text");
  await page.goto(`${url}/files${dir}/figures/thrush.png`);
  await page.getByText("2 of 4").waitFor();
  await page.getByRole("img", { name: "thrush.png" }).waitFor();
  await look(page, "phone-image");
  for (const file of ["settings.json", "README.md", "sunrise.webm"]) {
    await page.goto(`${url}/files${dir}/${file}`);
    await page.locator(".look-page").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), file).toBeLessThanOrEqual(390);
  }
});
