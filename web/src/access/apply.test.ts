import { expect, test } from "vitest";
import { ApiError, type FileStatus } from "../api/client";
import { applyChange, type Progress, type Server, type Target } from "./apply";

/** A server with a tree of names, on which some are closed until they are changed, and some refuse to be changed. */
function tree(dirs: Readonly<Record<string, readonly string[]>>, closed: readonly string[] = [], refused: readonly string[] = []) {
  const changed: string[] = [];
  const server: Server = {
    list: (dir) => {
      if (closed.includes(dir) && !changed.includes(dir)) return Promise.reject(new ApiError(403, "Permission denied"));
      const entries = (dirs[dir] ?? []).map((name) => ({ pathSuffix: name, type: `${dir}/${name}` in dirs ? "DIRECTORY" : "FILE" }) as FileStatus);
      return Promise.resolve({ entries, more: false });
    },
    change: (_, targets) =>
      Promise.resolve(
        targets.map(({ path }) => {
          if (refused.includes(path)) return { changed: false, problem: { status: 403, detail: "not yours" } };
          changed.push(path);
          return { changed: true };
        }),
      ),
    wait: () => Promise.resolve(),
  };
  return { server, changed };
}

const top: Target[] = [{ path: "/Projects/p/d", directory: true, tag: "t" }];

async function run(server: Server, signal = new AbortController().signal, told: Progress[] = []): Promise<Progress> {
  return applyChange({ set: "20" }, top, true, signal, (p) => told.push(p), server);
}

test("what lies deepest is changed first, and what is deleted is left alone", async () => {
  const { server, changed } = tree({ "/Projects/p/d": ["a", "b", ".Trash"], "/Projects/p/d/a": ["c"], "/Projects/p/d/.Trash": ["gone"] });
  const end = await run(server);
  expect(changed).toEqual(["/Projects/p/d/a/c", "/Projects/p/d/a", "/Projects/p/d/b", "/Projects/p/d"]);
  expect(end).toMatchObject({ phase: "done", found: 4, done: 4, changed: 4, failed: [] });
});

test("a directory that is closed is looked into once it was changed; one that stays closed is said", async () => {
  const { server, changed } = tree(
    { "/Projects/p/d": ["a", "b"], "/Projects/p/d/a": ["c"], "/Projects/p/d/b": ["e"] },
    ["/Projects/p/d/a", "/Projects/p/d/b"],
    ["/Projects/p/d/b"],
  );
  const end = await run(server);
  expect(changed).toEqual(["/Projects/p/d/a", "/Projects/p/d", "/Projects/p/d/a/c"]);
  expect(end.failed.map((f) => [f.target.path, f.unseen])).toEqual([["/Projects/p/d/b", false], ["/Projects/p/d/b", true]]);
});

test("what others share with a project is not gone into", async () => {
  const { server, changed } = tree({ "/Projects/p": ["Shared"], "/Projects/p/Shared": ["maps.tiles"], "/Projects/p/Shared/maps.tiles": ["x"] });
  await applyChange({ set: "20" }, [{ path: "/Projects/p", directory: true }], true, new AbortController().signal, () => undefined, server);
  expect(changed).toEqual(["/Projects/p/Shared", "/Projects/p"]);
});

test("a busy server is asked again, and somebody who stops is obeyed", async () => {
  const { server, changed } = tree({ "/Projects/p/d": ["a"] });
  let busy = 2;
  const end = await run({ ...server, change: (c, t) => (busy-- > 0 ? Promise.reject(new ApiError(429, "slow", "", "", 1)) : server.change(c, t)) });
  expect(end).toMatchObject({ phase: "done", changed: 2 });
  changed.length = 0;
  const stop = new AbortController();
  const stopped = await run({ ...server, list: (...of) => (stop.abort(), server.list(...of)) }, stop.signal);
  expect(stopped.phase).toBe("stopped");
  expect(changed).toEqual([]);
});
