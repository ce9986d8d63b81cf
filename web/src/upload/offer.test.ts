// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { accept, askNoMore, offer, offers, type Offer } from "./offer";
import { uploads } from "./queue";

afterEach(() => vi.restoreAllMocks());

/** The offer that is asked about, once it is. */
async function asked(): Promise<Offer> {
  await expect.poll(() => offers.get()).toBeDefined();
  const offer = offers.get();
  if (offer === undefined) throw new Error("nothing is asked about");
  return offer;
}

const found = (name: string) => [{ file: new File(["x"], name), below: name }];

test("what is offered while something is asked about is asked about next, and not instead", async () => {
  const added: string[] = [];
  vi.spyOn(uploads, "add").mockImplementation((dir, files) => void added.push(...files.map(({ below }) => `${dir}/${below}`)));
  offer("/d", found("a"), [], false);
  offer("/d", found("b"), [], false);
  offer("/d", found("c"), [], false);
  const first = await asked();
  expect(first.found[0]?.below).toBe("a");
  await accept(first, "/e");
  expect(added).toEqual(["/e/a"]);
  const second = await asked();
  expect(second.found[0]?.below).toBe("b");
  expect(second.id).not.toBe(first.id);
  offers.drop(second);
  const third = await asked();
  expect(third.found[0]?.below).toBe("c");
  offers.drop(third);
  expect([added, offers.get()]).toEqual([["/e/a"], undefined]);
});

test("what is accepted twice, as by two clicks, is uploaded once, and nothing else with it", async () => {
  const added: string[] = [];
  vi.spyOn(uploads, "add").mockImplementation((dir, files) => void added.push(...files.map(({ below }) => `${dir}/${below}`)));
  offer("/d", found("a"), [], false);
  offer("/d", found("b"), [], false);
  const first = await asked();
  await Promise.all([accept(first, "/d"), accept(first, "/d")]);
  expect(added).toEqual(["/d/a"]);
  const second = await asked();
  expect(second.found[0]?.below).toBe("b");
  offers.drop(first); // as by a click that was meant for it
  expect(offers.get()).toBe(second);
  offers.drop(second);
});

test("nothing is asked about where the second click of a double click may fall", async () => {
  for (const decide of [(first: Offer) => void accept(first, "/d"), offers.drop]) {
    vi.spyOn(uploads, "add").mockImplementation(() => undefined);
    offer("/d", found("a"), [], false);
    offer("/d", found("b"), [], false);
    const first = await asked();
    const next = new Promise<number>((done) => {
      const decided = performance.now();
      const over = offers.subscribe(() => {
        if (offers.get() === undefined) return;
        over();
        done(performance.now() - decided);
      });
    });
    decide(first);
    expect(offers.get()).toBeUndefined();
    expect(await next).toBeGreaterThan(500);
    offers.drop(await asked());
  }
});

test("a browser that remembers nothing asks again, and uploads all the same", async () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  askNoMore("/full");
  const add = vi.spyOn(uploads, "add").mockImplementation(() => undefined);
  offer("/full", found("a"), [], false);
  expect(add).not.toHaveBeenCalled();
  offers.drop(await asked());
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
