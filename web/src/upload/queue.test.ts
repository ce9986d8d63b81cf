import { expect, test, vi } from "vitest";
import { besides } from "./besides";
import { noJournal } from "./journal";
import { UploadQueue } from "./queue";
import { partSize } from "./send";
import type { Send, Upload } from "./upload";

const named = (name: string, size = 10) => ({ file: new File([new Uint8Array(size)], name), below: name });
const states = (q: UploadQueue) => q.get().map((u) => u.state);

/** A server that answers when it is told to. */
function hand(): { send: Send; asked: Upload[]; answer: (status: number, body?: unknown) => Promise<void> } {
  const asked: Upload[] = [];
  const waiting: ((a: { status: number; body: unknown }) => void)[] = [];
  return {
    asked,
    send: (upload, _, signal) =>
      new Promise((done) => {
        asked.push(upload);
        waiting.push(done);
        signal.addEventListener("abort", () => done({ status: 0, body: undefined }));
      }),
    answer: async (status, body) => {
      waiting.shift()?.({ status, body });
      for (let i = 0; i < 20; i++) await Promise.resolve();
    },
  };
}

test("three are under way at a time, in their order, and each is told of once it is there", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  const dirs: string[] = [];
  q.onDone = (dir) => dirs.push(dir);
  q.add("/d", ["a", "b", "e/c", "f"].map((n) => named(n)));
  expect(states(q)).toEqual(["sending", "sending", "sending", "waiting"]);
  for (let i = 0; i < 4; i++) await server.answer(201);
  expect(states(q)).toEqual(["done", "done", "done", "done"]);
  expect(server.asked.map((u) => u.path)).toEqual(["/d/a", "/d/b", "/d/e/c", "/d/f"]);
  expect(dirs).toEqual(["/d", "/d", "/d/e", "/d"]);
  expect(q.busy()).toBe(false);
});

test("what may have been made for files is told when the first of them has come there", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  const reached: string[] = [];
  q.onReached = (dir) => reached.push(dir);
  q.add("/d", ["a", "e/x/c", "e/x/f", "e/y"].map((n) => named(n)));
  for (let i = 0; i < 4; i++) await server.answer(201);
  expect(reached).toEqual(["/d", "/d/e/x", "/d/e"]);
  q.add("/d", [named("e/z")]);
  await server.answer(201);
  expect(reached.slice(3)).toEqual(["/d/e", "/d"]); // it may have been deleted meanwhile
});

test("what did not come through waits, each time longer, and goes on", async () => {
  vi.useFakeTimers();
  const server = hand();
  const q = new UploadQueue(server.send);
  q.add("/d", [named("a")]);
  await server.answer(0);
  expect(states(q)).toEqual(["waiting"]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(states(q)).toEqual(["sending"]);
  await server.answer(503);
  await vi.advanceTimersByTimeAsync(1000);
  expect(states(q)).toEqual(["waiting"]);
  q.wake();
  expect(states(q)).toEqual(["sending"]);
  await server.answer(201);
  expect(states(q)).toEqual(["done"]);
  vi.useRealTimers();
});

test("nothing is tried again before the server wants it", async () => {
  vi.useFakeTimers();
  let tried = 0;
  const q = new UploadQueue(() => Promise.resolve(++tried === 1 ? { status: 429, body: undefined, retryAfter: 7 } : { status: 201, body: undefined }));
  q.add("/d", [named("a")]);
  await vi.advanceTimersByTimeAsync(6_900);
  expect(tried).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(states(q)).toEqual(["done"]);
  vi.useRealTimers();
});

test("of two that go to one place the second is sent when the first is there", async () => {
  const server = hand();
  const q = new UploadQueue(server.send, { same: () => Promise.resolve(true) });
  q.add("/d", [named("a")]);
  q.add("/d", [named("a"), named("b")]);
  expect(states(q)).toEqual(["sending", "waiting", "sending"]);
  await server.answer(201);
  expect(states(q)).toEqual(["done", "sending", "sending"]);
});

test("two that go to one place do not go together", async () => {
  const sent: string[][] = [];
  const q = new UploadQueue(() => Promise.resolve({ status: 201, body: undefined }), {
    sendMany: (all) => {
      sent.push(all.map((u) => u.path));
      return Promise.resolve(all.map(() => ({ status: 201, body: undefined })));
    },
  });
  q.add("/d", ["a", "b", "c", "a", "d"].map((n) => named(n)));
  await vi.waitFor(() => expect(q.busy()).toBe(false));
  expect(sent[0]).toEqual(["/d/a", "/d/b", "/d/c", "/d/d"]);
});

test("what is refused says why, and is tried again when somebody asks", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  q.add("/d", [named("a"), named("b")]);
  await server.answer(403, { detail: "Permission denied: no" });
  expect(q.get()[0]).toMatchObject({ state: "failed", fault: "Permission denied: no" });
  await server.answer(201);
  q.retry();
  expect(states(q)).toEqual(["sending", "done"]);
});

test("what was sent before is done only if it is there unchanged", async () => {
  const sent = new Map<string, string>();
  const journal = { ...noJournal, done: (path: string, _: File, etag = "") => Promise.resolve(void sent.set(path, etag)), sent: (path: string) => Promise.resolve(sent.get(path)) };
  const files = Array.from({ length: 20 }, (_, i) => named(`f${i}`));
  const first = new UploadQueue(() => Promise.resolve({ status: 201, body: undefined, etag: '"1"' }), { journal });
  first.add("/d", files);
  await vi.waitFor(() => expect(first.busy()).toBe(false));
  const again = new UploadQueue(() => Promise.reject(new Error("nothing is to be sent")), {
    journal,
    look: (_, paths) => Promise.resolve(new Map(paths.map((path) => [path, 10]))),
    etag: ({ path }) => Promise.resolve(path === "/d/f7" ? '"2"' : '"1"'),
  });
  again.add("/d", files);
  await vi.waitFor(() => expect(states(again)).toEqual(files.map((_, i) => (i === 7 ? "conflict" : "done"))));
});

test("a long file is known again after its answer was lost, and each time that the page is loaded", async () => {
  const sent = new Map<string, string>();
  const journal = { ...noJournal, done: (path: string, _: File, etag = "") => Promise.resolve(void sent.set(path, etag)), sent: (path: string) => Promise.resolve(sent.get(path)) };
  const files = Array.from({ length: 20 }, (_, i) => named(`f${i}`, i === 0 ? partSize + 1 : 10));
  const ways = { journal, etag: () => Promise.resolve('"1"'), look: (_: string, paths: readonly string[]) => Promise.resolve(new Map(paths.map((path) => [path, path === "/d/f0" ? partSize + 1 : 10]))) };
  const first = new UploadQueue(({ path }) => Promise.resolve({ status: 201, body: undefined, ...(path === "/d/f0" ? {} : { etag: '"1"' }) }), { ...ways, look: null });
  first.add("/d", files);
  await vi.waitFor(() => expect(first.busy()).toBe(false));
  for (let times = 0; times < 2; times++) {
    const again = new UploadQueue(() => Promise.reject(new Error("nothing is to be sent")), ways);
    again.add("/d", files);
    await vi.waitFor(() => expect(states(again)).toEqual(files.map(() => "done")));
  }
});

test("what is taken out before it is complete leaves nothing on the server", async () => {
  const server = hand();
  const ended: string[] = [];
  const q = new UploadQueue(server.send, { end: ({ path }) => Promise.resolve(void ended.push(path)) });
  q.add("/d", [named("a"), named("b"), named("c")]);
  q.pause(1);
  await vi.waitFor(() => expect(states(q)[0]).toBe("paused"));
  await server.answer(0); // of the one that was held back
  await server.answer(201);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)).toEqual(["paused", "done", "conflict"]));
  q.remove(1);
  q.resolve(3, "skip", false);
  q.remove(2);
  expect(ended).toEqual(["/d/a", "/d/c"]);
});

test("what has come of an upload that gets another name is not left for the one that it had", async () => {
  const server = hand();
  const ended: string[] = [];
  const q = new UploadQueue(server.send, { end: ({ path }) => Promise.resolve(void ended.push(path)) });
  q.add("/d", [named("a.bin")]);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)).toEqual(["conflict"]));
  q.resolve(1, "keep both", false);
  expect(server.asked.at(-1)?.path).toBe("/d/a (2).bin");
  expect(ended).toEqual(["/d/a.bin"]);
});

test("a choice for all holds for those that follow, and for no later ones", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  q.add("/d", [named("a"), named("b")]);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)).toEqual(["conflict", "sending"]));
  q.resolve(1, "skip", true);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)).toEqual(["skipped", "skipped"]));
  q.add("/d", [named("c")]);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)).toEqual(["skipped", "skipped", "conflict"]));
  q.resolve(3, "replace", false);
  expect(server.asked.at(-1)).toMatchObject({ path: "/d/c", replace: true });
});

test("a file that is refused although it was to replace is asked about, whatever was chosen for all", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  q.add("/d", [named("a"), named("b")]);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)).toEqual(["conflict", "sending"]));
  q.resolve(1, "replace", true);
  await server.answer(412); // of the second, for the first time
  await vi.waitFor(() => expect(states(q)).toEqual(["sending", "sending"]));
  await server.answer(412); // of the first, although it was to replace
  await vi.waitFor(() => expect(states(q)).toEqual(["conflict", "sending"]));
  q.resolve(1, "keep both", false);
  expect(server.asked.at(-1)).toMatchObject({ path: "/d/a (2)", replace: false });
});

test("what is skipped, removed or cleared is not taken for interrupted", async () => {
  vi.useFakeTimers();
  let files = -1;
  const done = new Set<string>();
  const journal = { ...noJournal, begun: (_: string, n: number) => Promise.resolve(void (files = n)), done: (path: string) => Promise.resolve(void done.add(path)) };
  const server = hand();
  const q = new UploadQueue(server.send, { journal });
  const told = async () => {
    await vi.advanceTimersByTimeAsync(100);
    return [done.size, files];
  };
  q.add("/d", [named("a"), named("b"), named("c")]);
  await server.answer(201);
  await server.answer(412);
  expect(await told()).toEqual([1, 3]);
  q.resolve(2, "skip", false);
  expect(await told()).toEqual([1, 2]);
  q.clear();
  expect(await told()).toEqual([1, 2]);
  q.remove(3);
  expect(await told()).toEqual([1, 1]);
  vi.useRealTimers();
});

test("a choice for all holds for what was added together, and for nothing else", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  q.add("/a", [named("x"), named("y")]);
  q.add("/b", [named("x"), named("y")]);
  await server.answer(412); // /a/x
  await server.answer(201); // /a/y
  await server.answer(412); // /b/x
  await vi.waitFor(() => expect(states(q)).toEqual(["conflict", "done", "conflict", "sending"]));
  q.resolve(1, "replace", true);
  expect(states(q)).toEqual(["sending", "done", "conflict", "sending"]);
  await server.answer(412); // /b/y, while /a/x is under way
  await vi.waitFor(() => expect(states(q)).toEqual(["sending", "done", "conflict", "conflict"]));
  expect(server.asked.filter((u) => u.replace).map((u) => u.path)).toEqual(["/a/x"]);
});

test("nothing is begun while it is not known who sends it, and what is sent in parts waits", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  q.add("/d", [named("a"), named("long", partSize + 1), named("b"), named("c")]);
  q.hold();
  await server.answer(201); // a
  expect(states(q)).toEqual(["done", "waiting", "sending", "waiting"]);
  await server.answer(0); // of the long one, which was stopped
  await server.answer(201); // b
  q.add("/d", [named("e")]);
  q.wake();
  expect(states(q)).toEqual(["done", "waiting", "done", "waiting", "waiting"]);
  expect(server.asked).toHaveLength(3);
  q.goOn();
  expect(states(q)).toEqual(["done", "sending", "done", "sending", "sending"]);
});

test("what is paused or removed is not sent", async () => {
  const server = hand();
  const q = new UploadQueue(server.send);
  q.add("/d", [named("a"), named("b")]);
  q.pause(1);
  q.remove(2);
  await server.answer(0);
  await server.answer(0);
  expect(states(q)).toEqual(["paused"]);
  q.resume();
  expect(states(q)).toEqual(["sending"]);
});

test("a name beside another is not taken either", () => {
  const taken = new Set(["/d/run (2).csv", "/d/.hidden (2)"]);
  expect(besides("/d/run.csv", (p) => taken.has(p))).toBe("/d/run (3).csv");
  expect(besides("/d/run (2).csv", () => false)).toBe("/d/run (3).csv");
  expect(besides("/d/README", () => false)).toBe("/d/README (2)");
  expect(besides("/d/.hidden", (p) => taken.has(p))).toBe("/d/.hidden (3)");
  const long = besides(`/d/${"ö".repeat(125)}.csv`, () => false);
  expect(long).toBe(`/d/${"ö".repeat(123)} (2).csv`);
  expect(besides(long, () => false)).toBe(`/d/${"ö".repeat(123)} (3).csv`);
  // Numbers that cannot be counted on from are a part of the name like any other.
  const numbered = `/d/run (${"9".repeat(16)}).csv`;
  expect(besides(numbered, (p) => p !== `/d/run (${"9".repeat(16)}) (2).csv`)).toBe(`/d/run (${"9".repeat(16)}) (2).csv`);
});

test("small files go together, and one that is refused is asked about by itself", async () => {
  const server = hand();
  const packs: string[][] = [];
  const q = new UploadQueue(server.send, {
    sendMany: (all) => {
      packs.push(all.map((u) => u.path));
      return Promise.resolve(all.map((u) => ({ status: u.path.endsWith("c") ? 409 : 201, body: undefined })));
    },
  });
  q.add("/d", [named("a"), named("long", 1 << 20), named("b"), named("c"), named("e")]);
  await server.answer(201);
  await vi.waitFor(() => expect(states(q)).toEqual(["done", "done", "done", "sending", "done"]));
  expect(packs).toEqual([["/d/a", "/d/b", "/d/c", "/d/e"]]);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)[3]).toBe("conflict"));
});

test("what is there already, byte for byte, is no conflict", async () => {
  const server = hand();
  const q = new UploadQueue(server.send, { same: (u) => Promise.resolve(u.path === "/d/a") });
  q.add("/d", [named("a"), named("b")]);
  await server.answer(412);
  await server.answer(412);
  await vi.waitFor(() => expect(states(q)).toEqual(["done", "conflict"]));
});

test("a file that cannot be read any more fails, and holds nothing up", async () => {
  const gone = named("gone");
  gone.file.slice = () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadableError")) }) as unknown as Blob;
  const q = new UploadQueue(() => Promise.resolve({ status: 0, body: undefined }), {
    sendMany: (all) => Promise.resolve(all.map((u) => ({ status: all.some((v) => v.path === "/d/gone") ? 0 : 201, path: u.path, body: undefined }))),
  });
  q.add("/d", [gone, ...["a", "b", "c", "e"].map((n) => named(n))]);
  await vi.waitFor(() => expect(states(q)).toEqual(["failed", "done", "done", "done", "done"]));
});

test("what throws on its way is tried again", async () => {
  let times = 0;
  const q = new UploadQueue(() => {
    times++;
    if (times === 1) throw new Error("no chunk");
    return Promise.resolve({ status: 201, body: undefined });
  });
  q.add("/d", [named("a")]);
  await vi.waitFor(() => expect(states(q)).toEqual(["done"]));
});
