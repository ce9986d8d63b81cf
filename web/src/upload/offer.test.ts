// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { accept, askNoMore, offer, offers } from "./offer";
import { uploads } from "./queue";

afterEach(() => vi.restoreAllMocks());

const found = (name: string) => [{ file: new File(["x"], name), below: name }];

test("what is offered while something is asked about is asked about next, and not instead", async () => {
  const added: string[] = [];
  vi.spyOn(uploads, "add").mockImplementation((dir, files) => void added.push(...files.map(({ below }) => `${dir}/${below}`)));
  offer("/d", found("a"), [], false);
  offer("/d", found("b"), [], false);
  offer("/d", found("c"), [], false);
  const [first] = [offers.get()];
  if (first === undefined) throw new Error("nothing is asked about");
  expect(first.found[0]?.below).toBe("a");
  await accept(first, "/e");
  expect([added, offers.get()?.found[0]?.below]).toEqual([["/e/a"], "b"]);
  expect(offers.get()?.id).not.toBe(first.id);
  offers.drop();
  expect(offers.get()?.found[0]?.below).toBe("c");
  offers.drop();
  expect([added, offers.get()]).toEqual([["/e/a"], undefined]);
});

test("what is accepted twice, as by two clicks, is uploaded once, and nothing else with it", async () => {
  const added: string[] = [];
  vi.spyOn(uploads, "add").mockImplementation((dir, files) => void added.push(...files.map(({ below }) => `${dir}/${below}`)));
  offer("/d", found("a"), [], false);
  offer("/d", found("b"), [], false);
  const first = offers.get();
  if (first === undefined) throw new Error("nothing is asked about");
  await Promise.all([accept(first, "/d"), accept(first, "/d")]);
  expect([added, offers.get()?.found[0]?.below]).toEqual([["/d/a"], "b"]);
  offers.drop();
});

test("a browser that remembers nothing asks again, and uploads all the same", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  askNoMore("/full");
  const add = vi.spyOn(uploads, "add").mockImplementation(() => undefined);
  offer("/full", found("a"), [], false);
  expect(add).not.toHaveBeenCalled();
  offers.drop();
});

test("a folder without anything in it is told of, as what it is made in is shown", async () => {
  const made: unknown[] = [];
  const reached: string[] = [];
  vi.spyOn(api, "PUT").mockImplementation(((_: string, { params }: { params: { query: { path: string } } }) => {
    made.push(params.query.path);
    return Promise.resolve({ response: new Response(null, { status: 200 }) });
  }) as never);
  uploads.onReached = (dir) => reached.push(dir);
  offer("/d", [], ["bare", "deep/er"], true);
  await expect.poll(() => reached).toEqual(["/d/bare", "/d/deep"]);
  expect(made).toEqual(["/d/bare", "/d/deep/er"]);
});
