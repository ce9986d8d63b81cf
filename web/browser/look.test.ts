import { expect, test } from "vitest";
import { row } from "./entries";
import { as, Caller, person, project, url, visit } from "./house";
import { look } from "./pictures";
import { event, image, scalar } from "./tfevents";
import { ring, steps, training, type Training } from "./training";

const readme = `# Spoken digits

Recordings of 60 speakers who read the digits from zero to nine, at 16 kHz, mono.

| split | files | hours |
|---|---|---|
| train | 24,000 | 18.4 |
| validation | 3,000 | 2.3 |

\`normalise.py\` brings all clips to the same loudness. The speakers are described in [speakers.csv](speakers.csv);
none of them is in both splits.
`;

/** What the pictures show; the names are the same in each run. */
async function scene(user: string, p: string): Promise<Caller> {
  person(user);
  project(user, p);
  const caller = new Caller(user);
  const dir = `/Projects/${p}/Training_Datasets`;
  await caller.mkdirs(`${dir}/clips`);
  await caller.mkdirs(`${dir}/transcripts`);
  for (const [name, size] of [
    ["speakers.csv", 48_211], ["train-00000.parquet", 2_411_000], ["train-00001.parquet", 2_398_554], ["validation.parquet", 302_118],
    ["waveform.png", 88_000], ["normalise.py", 3_300], ["events.out.tfevents.1764201600.host", 14_300], ["archive.tar.gz", 1_200_000],
  ] as const) {
    await caller.put(`${dir}/${name}`, "x".repeat(size));
  }
  await caller.put(`${dir}/README.md`, readme);
  return caller;
}

test("signing in", async () => {
  const page = await visit("/");
  await page.getByLabel("User").waitFor();
  await look(page, "sign-in");
});

test("projects, a project, a listing, a file, sharing, the palette and the keyboard map", async () => {
  const [user, p] = ["ada", "speech"];
  await scene(user, p);
  const other = project(user, "vision");
  const page = await as(user, "/");
  await page.getByRole("heading", { level: 2, name: p }).waitFor();
  await look(page, "projects");

  await page.goto(`${url}/projects/${p}`);
  await page.getByLabel(`Role of ${user}`).waitFor();
  await look(page, "project");

  await page.goto(`${url}/files/Projects/${p}/Training_Datasets`);
  await page.getByRole("link", { name: "waveform.png" }).waitFor();
  await page.getByRole("link", { name: "Scalars" }).waitFor();
  await look(page, "listing");
  await page.getByRole("grid").focus();
  for (const key of ["Home", "ArrowDown", "ArrowDown", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key);
  await look(page, "selection");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Share" }).click();
  await page.getByLabel("Project name").fill(other);
  await page.getByRole("dialog").getByRole("button", { name: "Share" }).click();
  await page.getByText("not accepted yet").waitFor();
  await look(page, "share");
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("train");
  await page.getByRole("option", { name: /train-00000/ }).waitFor();
  await look(page, "palette");
  await page.keyboard.press("Escape");

  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await look(page, "keyboard");
  await page.keyboard.press("Escape");

  await page.goto(`${url}/files/Projects/${p}/Training_Datasets/speakers.csv`);
  await page.getByRole("heading", { level: 1, name: "speakers.csv" }).waitFor();
  await look(page, "file");

  await page.goto(`${url}/files/Projects/${p}/Logs`);
  await page.getByRole("heading", { name: "Logs is empty" }).waitFor();
  await look(page, "empty");

  await page.goto(`${url}/shared`);
  await page.getByRole("button", { name: "Accept" }).waitFor();
  await look(page, "shared");
});

test("moving, a copy that asks, what takes the space, an upload before it starts, and what was deleted", async () => {
  const [user, p] = ["emmy", "rings"];
  const caller = await scene(user, p);
  project(user, "ideals");
  const dir = `/Projects/${p}/Training_Datasets`;
  await caller.put(`${dir}/clips/morning/c0.wav`, "x".repeat(900_000));
  await caller.put(`${dir}/clips/c1.wav`, "x".repeat(1_700_000));
  await caller.put(`/Projects/${p}/Models/speakers.csv`, "x");
  const page = await as(user, `/files${dir}`, { failures: [409] });
  await row(page, "clips").getByRole("checkbox").check();
  await row(page, "speakers.csv").getByRole("checkbox").check();
  await page.getByRole("group", { name: "Actions" }).getByRole("button", { name: "Move", exact: true }).click();
  await page.getByRole("dialog").getByRole("treeitem", { name: "ideals" }).getByRole("link").click();
  await page.getByText("Files cannot be moved between projects directly").waitFor();
  await look(page, "move");
  await page.getByRole("dialog").getByRole("treeitem", { name: "Models" }).getByRole("link").click();
  await page.getByRole("button", { name: "Move here" }).click();
  await page.getByRole("alertdialog").waitFor();
  await look(page, "conflict");
  await page.getByRole("button", { name: "Skip" }).click();
  await page.getByText("“clips” moved to Models.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "clips").waitFor();

  await page.goto(`${url}/files/Projects/${p}?view=sizes`);
  await page.getByRole("region", { name: "Storage used" }).getByRole("link", { name: "Training_Datasets" }).waitFor();
  await look(page, "sizes");

  await page.goto(`${url}/files${dir}`);
  await row(page, "README.md").getByRole("checkbox").check();
  await row(page, "waveform.png").getByRole("checkbox").check();
  await page.getByRole("button", { name: "Move to trash" }).click();
  await page.getByText("2 items moved to the trash").waitFor();
  await page.getByRole("button", { name: "Dismiss" }).first().click();
  await page.goto(`${url}/files${dir}?deleted=1`);
  await page.getByRole("button", { name: "Restore README.md" }).waitFor();
  await look(page, "deleted-here");
  await page.goto(`${url}/files/Projects/${p}/.Trash/${user}/Current${dir}`);
  await row(page, "README.md").waitFor();
  await look(page, "trash");

  await page.goto(`${url}/files${dir}`);
  await row(page, "speakers.csv").waitFor();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("group", { name: "Actions" }).getByRole("button", { name: "Upload" }).click()]);
  await chooser.setFiles([{ name: "labels.json", mimeType: "application/json", buffer: Buffer.alloc(48_000) }, { name: "noise.wav", mimeType: "audio/wav", buffer: Buffer.alloc(2_400_000) }]);
  await page.getByRole("dialog").getByRole("button", { name: "Choose another folder" }).click();
  await page.getByRole("dialog").getByRole("treeitem", { name: "Models" }).waitFor();
  await look(page, "upload");
});

test("on a phone", async () => {
  const [user, p] = ["grace", "hearing"];
  await scene(user, p);
  const page = await as(user, `/files/Projects/${p}/Training_Datasets`, {}, { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  await page.getByRole("link", { name: "waveform.png" }).waitFor();
  await page.getByRole("link", { name: "Scalars" }).waitFor();
  await look(page, "phone-listing");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole("button", { name: "Navigation" }).click();
  await page.getByRole("navigation", { name: "Navigation" }).getByRole("link", { name: "Shared with me" }).waitFor();
  await look(page, "phone-places");
  await page.goto(`${url}/files/Projects/${p}?view=sizes`);
  await page.getByRole("region", { name: "Storage used" }).getByRole("link", { name: "Training_Datasets" }).waitFor();
  await look(page, "phone-sizes");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.goto(`${url}/files/Projects/${p}/Training_Datasets?open=move&of=speakers.csv`);
  await page.getByRole("dialog", { name: "Move “speakers.csv”" }).getByRole("tree").waitFor();
  await look(page, "phone-move");
});

test("a place that is not there, and one that nobody may see", async () => {
  const [ada, bob] = [person(), person()];
  const p = project(ada);
  const page = await as(bob, `/files/Projects/${p}/Models`, { failures: [403, 404] });
  await page.getByRole("alert").waitFor();
  await look(page, "refused");
  await page.goto(`${url}/files/user/${bob}/nothing/here`);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
});

/** Trainings whose names and curves are the same in each run. */
async function trainings(user: string, p: string): Promise<Training> {
  person(user);
  project(user, p);
  const made = training(user, p);
  const { caller, dir } = made;
  for (const [i, rate] of [0.004, 0.008, 0.015, 0.03].entries()) {
    await caller.put(`${dir}/batch-64/rate-${i + 1}/events.out.tfevents.1764201600.host`, Buffer.concat([steps(0, 400, rate), ring("reconstruction", 200), ring("reconstruction", 400 + i)]));
  }
  const end = event(1_764_202_500, 401, scalar("train/loss", NaN), image("attention/head-0", 9, 9, Buffer.from("<svg/>")));
  await caller.put(`${dir}/batch-512/diverges/events.out.tfevents.1764201600.host`, Buffer.concat([steps(0, 300, 0.05), end, Buffer.from("no record, but something that is longer than the head of one")]));
  return made;
}

test("curves and images", async () => {
  const { user, dir } = await trainings("ingrid", "wavelets");
  const page = await as(user, `/files${dir}?tab=scalars&smooth=0.6`);
  await page.locator("[data-points] canvas").first().waitFor();
  await look(page, "scalars");
  const chart = page.getByRole("article", { name: "train/loss" });
  await look(page, "scalars-values", async () => {
    await page.mouse.move(0, 0);
    await chart.locator(".u-over").hover({ position: { x: 120, y: 60 } });
    await chart.getByRole("table").waitFor();
  });
  await page.mouse.move(0, 0);
  await page.goto(`${url}/files${dir}?tab=scalars&log=y&wide=train%2Floss&tags=loss`);
  await page.getByRole("button", { name: "Show values of train/loss as a table" }).click();
  await page.getByRole("region", { name: "Values" }).waitFor();
  await page.locator("[data-points] canvas").first().waitFor();
  await look(page, "scalars-wide");
  await page.goto(`${url}/files${dir}?tab=images`);
  await page.getByRole("img", { name: /reconstruction of batch-64.rate-4/ }).waitFor();
  await look(page, "images");
  await page.goto(`${url}/files${dir}?tab=scalars`);
  await page.getByRole("button", { name: "Open in TensorBoard" }).click();
  await page.getByRole("dialog").waitFor();
  await look(page, "tensorboard");
});

test("curves on a phone", async () => {
  const { user, dir } = await trainings("maryam", "surfaces");
  const page = await as(user, `/files${dir}?tab=scalars`, {}, { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  await page.locator("[data-points] canvas").first().waitFor();
  await look(page, "phone-scalars");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
