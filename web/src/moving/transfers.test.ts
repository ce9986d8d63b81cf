// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { Identity } from "../identity";
import { leavesProject, transferFault } from "./fault";
import { keepPlan, plans } from "./plans";
import { Transfers } from "./transfers";

afterEach(() => vi.restoreAllMocks());

interface Query {
  path: string;
  destination?: string;
}

/** Has operations answered with what answer returns, undefined for success; renames to a path that ends in "late" not before gate is open. */
function server(answer: (query: Query) => { detail: string; exception: string } | undefined, gate?: Promise<void>): void {
  const respond = async (_: unknown, init: { params: { query: Query } }) => {
    if (init.params.query.destination?.endsWith("late")) await gate;
    const error = answer(init.params.query);
    return { error, response: new Response(null, { status: error === undefined ? 200 : 409 }) };
  };
  vi.spyOn(api, "PUT").mockImplementation(respond as never);
  vi.spyOn(api, "POST").mockImplementation(respond as never);
}

/** A server on which some names are taken. What came to be where is told in the list. */
function serverWith(taken: Set<string>, gate?: Promise<void>): string[] {
  const moved: string[] = [];
  server(({ path, destination }) => {
    if (destination !== undefined && taken.has(destination)) return { detail: `${destination} is there`, exception: "FileAlreadyExistsException" };
    moved.push(destination ?? `replaced ${path}`);
    return undefined;
  }, gate);
  return moved;
}

const states = (t: Transfers) => t.get().map((one) => one.state);

/** The paths that are deleted from now on. */
function erasing(): unknown[] {
  const erased: unknown[] = [];
  vi.spyOn(api, "DELETE").mockImplementation(((_: string, { params }: { params: { query: Query } }) => {
    erased.push(params.query.path);
    return Promise.resolve({ response: new Response(null, { status: 200 }) });
  }) as never);
  return erased;
}

test("a choice for all holds for names that turn out to be taken later", async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((done) => {
    open = done;
  });
  const moved = serverWith(new Set(["/b/x", "/b/y", "/b/z", "/b/late"]), gate);
  const t = new Transfers();
  const over = new Promise<number>((done) => {
    t.onOver = ({ done: all }) => done(all.length);
  });
  t.add("move", ["/a/x", "/a/y", "/a/z", "/a/late", "/a/free"], "/b");
  await expect.poll(() => states(t).includes("conflict")).toBe(true);
  const [first] = t.get().filter((one) => one.state === "conflict");
  t.resolve(first?.id ?? 0, "replace", true);
  open();
  expect(await over).toBe(5);
  expect([...moved].sort()).toEqual(["/b/free", "replaced /b/late", "replaced /b/x", "replaced /b/y", "replaced /b/z"]);
  expect(t.get()).toEqual([]);
});

test("who keeps both is not asked about the next number", async () => {
  const moved = serverWith(new Set(["/b/x.txt", "/b/x (2).txt", "/b/x (3).txt"]));
  const t = new Transfers();
  t.add("move", ["/a/x.txt"], "/b");
  await expect.poll(() => states(t)).toEqual(["conflict"]);
  t.resolve(t.get()[0]?.id ?? 0, "keep both", false);
  await expect.poll(() => moved).toEqual(["/b/x (4).txt"]);
});

test("what is refused although it was to replace is asked about again, and not tried for ever", async () => {
  let asked = 0;
  server(() => (++asked > 40 ? undefined : { detail: "It is there.", exception: "FileAlreadyExistsException" }));
  const t = new Transfers();
  t.add("move", ["/a/x", "/a/y"], "/b");
  await expect.poll(() => states(t)).toEqual(["conflict", "conflict"]);
  t.resolve(t.get()[0]?.id ?? 0, "replace", true);
  await expect.poll(() => asked).toBe(4);
  await expect.poll(() => states(t)).toEqual(["conflict", "conflict"]);
  await new Promise((done) => setTimeout(done, 200)); // it would have been asked often by then
  expect(asked).toBe(4);
});

test("what fails stays, with the reason, and can be tried again", async () => {
  let refuses = true;
  server(() => (refuses ? { detail: "You may not.", exception: "AccessControlException" } : undefined));
  const t = new Transfers();
  t.add("move", ["/a/x"], "/b");
  await expect.poll(() => states(t)).toEqual(["failed"]);
  expect(t.get()[0]?.fault).toBe("You may not.");
  refuses = false;
  t.retry(t.get()[0]?.id ?? 0);
  await expect.poll(() => states(t)).toEqual([]);
});

/** A server whose jobs are done at once. asked: what it was asked to do, in order; refuses names what it has no answer for. */
function jobServer(asked: string[], refuses: { next: string | undefined }, gate?: Promise<void>): void {
  const job = { id: "j1", kind: "copy", state: "done", sources: ["/Projects/p/x"], target: "/Projects/q/.one.copy", bytes: 1, bytesDone: 1 };
  const respond = (method: string) => async (route: string) => {
    const deed = `${method} ${route}`;
    if (deed === "POST /api/v1/jobs") await gate;
    if (refuses.next !== undefined && deed.includes(refuses.next)) {
      refuses.next = undefined;
      return { error: {}, response: new Response(null, { status: 503 }) };
    }
    if (method !== "GET") asked.push(deed);
    const data = route === "/api/v1/jobs" && method === "GET" ? { items: [job] } : route.startsWith("/api/v1/jobs") ? job : { Path: "/Projects/p/.Trash/u" };
    return { data, response: new Response(null, { status: 200 }) };
  };
  vi.spyOn(api, "GET").mockImplementation(respond("GET") as never);
  vi.spyOn(api, "PUT").mockImplementation(respond("PUT") as never);
  vi.spyOn(api, "POST").mockImplementation(respond("POST") as never);
}

test("what was copied is not copied again because its source did not go to the trash", async () => {
  const asked: string[] = [];
  jobServer(asked, { next: "rename" });
  const t = new Transfers();
  t.add("move", ["/Projects/p/x"], "/Projects/q", true);
  await expect.poll(() => states(t)).toEqual(["failed"]);
  t.retry(t.get()[0]?.id ?? 0);
  await expect.poll(() => states(t)).toEqual([]);
  expect(asked.filter((deed) => deed === "POST /api/v1/jobs")).toHaveLength(1);
  expect(asked.at(-1)).toBe("PUT /api/v1/fs/rename");
});

test("an original that the trash does not take is no name that is taken: the copy stays, and only the trash is tried again", async () => {
  const asked: string[] = [];
  const job = { id: "j1", kind: "copy", state: "done", sources: ["/Projects/p/x"], target: "/Projects/q/x", bytes: 1, bytesDone: 1 };
  let refuses = true;
  const respond = (method: string) => (route: string) => {
    if (method !== "GET") asked.push(`${method} ${route}`);
    if (refuses && route.endsWith("mkdirs")) {
      return Promise.resolve({ error: { detail: "It is there.", exception: "FileAlreadyExistsException" }, response: new Response(null, { status: 409 }) });
    }
    const status = { type: "DIRECTORY" };
    return Promise.resolve({ data: route.startsWith("/api/v1/jobs") ? job : { Path: "/Projects/p/.Trash/u", FileStatus: status }, response: new Response(null, { status: 200 }) });
  };
  vi.spyOn(api, "GET").mockImplementation(respond("GET") as never);
  vi.spyOn(api, "PUT").mockImplementation(respond("PUT") as never);
  vi.spyOn(api, "POST").mockImplementation(respond("POST") as never);
  const t = new Transfers();
  t.add("move", ["/Projects/p/x"], "/Projects/q", true);
  await expect.poll(() => states(t)).toEqual(["failed"]);
  expect(t.get()[0]?.fault).toBe("The copy is complete, but the original could not be moved to the trash: It is there.");
  refuses = false;
  asked.length = 0;
  t.retry(t.get()[0]?.id ?? 0);
  await expect.poll(() => states(t)).toEqual([]);
  expect(asked).toEqual(["PUT /api/v1/fs/mkdirs", "PUT /api/v1/fs/rename"]);
});

test("a job whose answer was lost is asked for once more, and not begun twice", async () => {
  const keys: unknown[] = [];
  const targets: unknown[] = [];
  const job = { id: "j1", kind: "copy", state: "done", sources: ["/Projects/p/x"], target: "/Projects/q/x", bytes: 1, bytesDone: 1 };
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: job, response: new Response(null, { status: 200 }) })) as never);
  vi.spyOn(api, "POST").mockImplementation(((_: string, { body, params }: { body: { target: string }; params: { header: Record<string, string> } }) => {
    keys.push(params.header["Idempotency-Key"]);
    targets.push(body.target);
    return keys.length === 1 ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve({ data: job, response: new Response(null, { status: 201 }) });
  }) as never);
  const t = new Transfers();
  t.add("copy", ["/Projects/p/x"], "/Projects/q");
  await expect.poll(() => states(t)).toEqual(["failed"]);
  t.retry(t.get()[0]?.id ?? 0);
  await expect.poll(() => states(t)).toEqual([]);
  t.add("copy", ["/Projects/p/x"], "/Projects/q");
  await expect.poll(() => states(t)).toEqual([]);
  expect(keys).toHaveLength(3);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
  expect(targets[1]).toBe(targets[0]);
});

test("a page that is loaded again puts a copy into the place that it was made for", async () => {
  const asked: string[] = [];
  jobServer(asked, { next: undefined });
  keepPlan("j1", { to: "/Projects/q/x", trashes: true });
  const t = new Transfers();
  await t.adopt();
  expect(t.get().map((one) => [one.deed, one.to])).toEqual([["move", "/Projects/q/x"]]);
  await expect.poll(() => states(t)).toEqual([]);
  expect(asked).toContain("POST /api/v1/fs/replace");
  expect(asked.at(-1)).toBe("PUT /api/v1/fs/rename");
  expect(plans().size).toBe(0);
});

test("what failed and was put away is not gone on with when the page is loaded again, and leaves no copy that nobody has seen", async () => {
  const asked: string[] = [];
  const erased = erasing();
  const refuses: { next: string | undefined } = { next: "rename" };
  jobServer(asked, refuses);
  const t = new Transfers();
  t.add("move", ["/Projects/p/x"], "/Projects/q", true);
  await expect.poll(() => states(t)).toEqual(["failed"]);
  t.clear();
  expect([states(t), plans().size, erased]).toEqual([[], 0, []]); // the copy is where it was to be

  keepPlan("j1", { to: "/Projects/q/x", trashes: false });
  refuses.next = "replace";
  await t.adopt();
  await expect.poll(() => states(t)).toEqual(["failed"]);
  t.clear();
  expect([states(t), plans().size, erased]).toEqual([[], 0, ["/Projects/q/.one.copy"]]);
});

test("what is tried again and then put away, or cancelled, is not gone on with when the page is loaded again", async () => {
  const erased = erasing();
  const refuses: { next: string | undefined } = { next: "rename" };
  jobServer([], refuses);
  const t = new Transfers();
  t.add("move", ["/Projects/p/x"], "/Projects/q", true);
  await expect.poll(() => states(t)).toEqual(["failed"]);
  refuses.next = "rename";
  t.retry(t.get()[0]?.id ?? 0);
  await expect.poll(() => states(t)).toEqual(["failed"]);
  t.clear();
  expect([states(t), plans().size]).toEqual([[], 0]);

  const away = new Transfers();
  keepPlan("j1", { to: "/Projects/q/x", trashes: false });
  refuses.next = "replace";
  await away.adopt();
  await expect.poll(() => states(away)).toEqual(["failed"]);
  vi.spyOn(api, "POST").mockImplementation((() => new Promise(() => undefined)) as never);
  away.add("copy", ["/a/1", "/a/2", "/a/3"], "/b"); // as many as are under way at a time
  const [failed] = away.get();
  away.retry(failed?.id ?? 0);
  expect(away.get()[0]?.state).toBe("waiting");
  await away.cancel(failed?.id ?? 0);
  expect([away.get().length, plans().size, erased]).toEqual([3, 0, ["/Projects/q/.one.copy"]]);
});

test("what is cancelled before the server has made a job of it is cancelled there, too", async () => {
  const asked: string[] = [];
  let open = (): void => undefined;
  jobServer(asked, { next: undefined }, new Promise<void>((done) => {
    open = done;
  }));
  const t = new Transfers();
  t.add("copy", ["/Projects/p/x"], "/Projects/q");
  await t.cancel(t.get()[0]?.id ?? 0);
  open();
  await expect.poll(() => asked).toEqual(["POST /api/v1/jobs", "POST /api/v1/jobs/{job}/cancel"]);
});

test("nothing is begun while it is not known as whom, and a copy that is whole waits with what is left", async () => {
  const asked: string[] = [];
  let open = (): void => undefined;
  jobServer(asked, { next: undefined }, new Promise<void>((done) => {
    open = done;
  }));
  const identity = new Identity();
  identity.shows("ada");
  const t = new Transfers(identity);
  t.add("move", ["/Projects/p/x"], "/Projects/q", true);
  identity.doubt();
  open();
  t.add("move", ["/Projects/p/y"], "/Projects/p/deep");
  await new Promise((done) => setTimeout(done, 600)); // it would have looked how far the job is
  expect(asked).toEqual(["POST /api/v1/jobs"]);
  expect(states(t)).toEqual(["working", "waiting"]);
  await identity.look();
  await expect.poll(() => states(t)).toEqual([]);
  expect(asked.filter((deed) => deed === "PUT /api/v1/fs/rename")).toHaveLength(2);
});

test("what the page has yet to move keeps it open, and a copy that the server makes does not", async () => {
  let open = (): void => undefined;
  serverWith(new Set(["/b/x"]), new Promise<void>((done) => {
    open = done;
  }));
  const moves = new Transfers();
  moves.add("move", ["/a/late"], "/b");
  expect(moves.busy()).toBe(true);
  open();
  await expect.poll(() => states(moves)).toEqual([]);
  expect(moves.busy()).toBe(false);
  moves.add("move", ["/a/x"], "/b");
  await expect.poll(() => states(moves)).toEqual(["conflict"]);
  expect(moves.busy()).toBe(true);
  moves.resolve(moves.get()[0]?.id ?? 0, "skip", false);
  expect(moves.busy()).toBe(false);

  vi.restoreAllMocks();
  const job = { id: "j1", kind: "copy", state: "running", sources: ["/Projects/p/x"], target: "/Projects/q/x", bytes: 1, bytesDone: 0 };
  const answer = () => Promise.resolve({ data: job, response: new Response(null, { status: 200 }) });
  vi.spyOn(api, "GET").mockImplementation(answer as never);
  vi.spyOn(api, "POST").mockImplementation(answer as never);
  for (const [deed, trashes] of [["copy", false], ["move", true]] as const) {
    const t = new Transfers();
    t.add(deed, ["/Projects/p/x"], "/Projects/q", trashes);
    expect(t.busy()).toBe(true);
    await expect.poll(() => t.get()[0]?.job).toBe("j1");
    expect(t.busy(), deed).toBe(trashes);
    job.state = "cancelled";
    await expect.poll(() => states(t)).toEqual([]);
    job.state = "running";
  }
});

test("a move does not wait for copies, which may take hours, and a copy waits for three others", async () => {
  const moved = serverWith(new Set());
  const t = new Transfers();
  const begun = vi.spyOn(api, "POST").mockImplementation((() => new Promise(() => undefined)) as never);
  t.add("copy", ["/Projects/p/1", "/Projects/p/2", "/Projects/p/3", "/Projects/p/4"], "/Projects/q");
  t.add("move", ["/Projects/p/x"], "/Projects/p/deep");
  await expect.poll(() => moved).toEqual(["/Projects/p/deep/x"]);
  expect(states(t)).toEqual(["working", "working", "working", "waiting"]);
  expect(begun).toHaveBeenCalledTimes(3);
});

test("many moves take time in proportion to their number", { timeout: 20_000 }, async () => {
  const t = new Transfers();
  const response = new Response(null, { status: 200 });
  vi.spyOn(api, "PUT").mockImplementation((() => Promise.resolve({ response })) as never);
  const over = new Promise<number>((done) => {
    t.onOver = ({ done: all }) => done(all.length);
  });
  t.add("move", Array.from({ length: 30_000 }, (_, i) => `/a/${i}`), "/b");
  expect(await over).toBe(30_000);
  expect(t.get()).toEqual([]);
});

test("nothing is put into itself, and a project is left only by a copy", () => {
  expect(transferFault("move", ["/a/x"], "/a/x")).toMatch(/into itself/);
  expect(transferFault("copy", ["/a/y", "/a/x"], "/a/x/deep")).toMatch(/its own subfolders/);
  expect(transferFault("move", ["/a/x"], "/a/xy")).toBeUndefined();
  expect(transferFault("move", ["/a/x"], "/a")).toMatch(/^Already/);
  expect(transferFault("copy", ["/a/x"], "/a")).toBeUndefined();
  expect(leavesProject(["/Projects/p/x"], "/Projects/p/deep")).toBe(false);
  expect(leavesProject(["/Projects/p/x"], "/Projects/q")).toBe(true);
  expect(leavesProject(["/user/ada/x"], "/tmp")).toBe(false);
  expect(leavesProject(["/Projects/p/Shared/q.ds/x"], "/Projects/p/deep")).toBe(true);
  expect(leavesProject(["/Projects/p/x"], "/Projects/p/Shared/q.ds")).toBe(true);
  expect(leavesProject(["/Projects/p/Shared/q.ds/x"], "/Projects/p/Shared/q.ds/deep")).toBe(false);
});
