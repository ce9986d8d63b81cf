import { expect, test } from "vitest";
import { as, Caller, person, project } from "./house";
import { look } from "./pictures";
import { bomb, picture } from "./samples";

const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

/** A hill under a sky; each place is another one. */
function hill(place: number, width = 240, height = 160): Uint8Array<ArrayBuffer> {
  return picture(width, height, (x, y) => {
    const ridge = height * (0.62 - 0.2 * Math.sin((x / width) * (2 + (place % 4)) + place) - 0.05 * Math.sin((x / width) * 19 + place * 2));
    const high = y / height;
    if (y < ridge) return [120 + ((place * 37) % 110) + 40 * high, 140 + ((place * 13) % 60) + 50 * high, 200 - ((place * 29) % 90) + 30 * high];
    const deep = (y - ridge) / (height - ridge);
    return [60 + ((place * 11) % 50) * (1 - deep), 90 + ((place * 17) % 50) - 40 * deep, 60 - 20 * deep];
  });
}

async function images(caller: Caller, dir: string): Promise<void> {
  for (let i = 1; i <= 34; i++) await caller.put(`${dir}/lake-${i}.png`, i % 7 === 3 ? hill(i, 140, 220) : hill(i));
  await caller.put(`${dir}/digit.png`, picture(14, 14, (x, y) => (Math.hypot(x - 6.5, y - 6.5) > 3 && Math.hypot(x - 6.5, y - 6.5) < 5.5 ? [240, 240, 240] : [20, 20, 30])));
  await caller.put(`${dir}/cut-off.png`, hill(2).slice(0, 90));
  await caller.put(`${dir}/chart of all the lakes in the north, as of the autumn.png`, bomb(20_000, 20_000));
  await caller.put(`${dir}/notes.txt`, "Taken with the old camera.\n");
  await caller.put(`${dir}/raw/one.png`, hill(1));
  await caller.put(`${dir}/raw/two.png`, hill(2));
}

test("a grid of images, with some that are not shown, and on a phone", async () => {
  const user = person("ansel");
  const caller = new Caller(user);
  const photos = `/Projects/${project(user, "lakes")}/Resources/photos`;
  await images(caller, photos);
  const page = await as(user, `/files${photos}?view=grid`);
  await page.getByText("Too many pixels").waitFor();
  await page.getByRole("img", { name: "lake-9.png" }).waitFor();
  await page.getByRole("gridcell", { name: "lake-3.png" }).click({ modifiers: ["Control"] });
  await page.getByRole("gridcell", { name: "lake-5.png" }).click({ modifiers: ["Control"] });
  await page.getByRole("grid").focus();
  await look(page, "image-grid");
  const small = await as(user, `/files${photos}?view=grid`, {}, phone);
  await small.getByText("Too many pixels").waitFor();
  await small.getByRole("img", { name: "lake-9.png" }).waitFor();
  expect(await small.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await look(small, "image-grid-phone");
});
