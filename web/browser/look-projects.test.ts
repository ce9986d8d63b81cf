import { test } from "vitest";
import { as, Caller, person, project, url } from "./house";
import { look } from "./pictures";

test("a project with settings and requests, and what can be found", async () => {
  const [user, p] = ["mary", "stations"];
  person(user);
  person("george");
  person("inge");
  project(user, p);
  const caller = new Caller(user);
  await caller.rest("PATCH", `projects/${p}`, { listed: true, description: "Recordings of short-wave stations, and what was said." });
  const { items } = (await caller.rest("GET", `projects/${p}/datasets`)) as { items: { id: number; path: string }[] };
  const idOf = (name: string) => items.find((d) => d.path.endsWith(name))?.id ?? 0;
  await caller.rest("PATCH", `datasets/${idOf("Training_Datasets")}`, { listed: true, description: "Half a million recordings of ten seconds each, with transcripts." });
  await caller.rest("PATCH", `datasets/${idOf("Models")}`, { public: true, description: "What was trained, with its cards." });
  await new Caller("george").rest("POST", `projects/${p}/requests`, { message: "I work on frequency hopping and would help with the transcripts." });
  await new Caller("inge").rest("POST", `projects/${p}/requests`, { dataset: idOf("Training_Datasets"), message: "" });

  const page = await as(user, `/projects/${p}`);
  await page.getByRole("listitem", { name: "Request of inge" }).getByText("Training_Datasets").waitFor();
  await look(page, "project-requests");
  await page.goto(`${url}/projects/${p}?dataset=${idOf("Models")}`);
  await page.getByRole("dialog", { name: "Edit Models" }).waitFor();
  await look(page, "dataset");
  await page.goto(`${url}/projects/${p}?open=delete`);
  await page.getByRole("dialog", { name: `Delete ${p}` }).waitFor();
  await look(page, "project-delete");

  await page.goto(`${url}/files/Projects/${p}?open=labels&of=Models`);
  await page.getByRole("dialog", { name: "Description and tags of Models" }).waitFor();
  await page.getByLabel("Key of tag 1").fill("stage");
  await page.getByLabel("Value of tag 1").fill("trained");
  await look(page, "labels");

  const finder = await as("george", "/discover?words=recordings");
  await finder.getByRole("button", { name: "Request access to Training_Datasets" }).click();
  await finder.getByLabel("Reason for the request").waitFor();
  await look(finder, "discover");
  await finder.setViewportSize({ width: 390, height: 780 });
  await look(finder, "phone-discover");
});
