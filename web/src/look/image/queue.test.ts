import { expect, test } from "vitest";
import { Queue } from "./queue";

test("so many jobs run at once, in their order, and one that is given up never does", async () => {
  const queue = new Queue(2);
  const ran: number[] = [];
  const ends: (() => void)[] = [];
  const job = (n: number) => () => {
    ran.push(n);
    return new Promise<number>((resolve) => ends.push(() => resolve(n)));
  };
  const giveUp = new AbortController();
  const first = queue.run(job(1));
  const second = queue.run(job(2));
  const third = queue.run(job(3), giveUp.signal);
  const fourth = queue.run(job(4));
  expect(ran).toEqual([1, 2]);
  giveUp.abort(new Error("not wanted"));
  await expect(third).rejects.toThrow("not wanted");
  ends[0]?.();
  expect(await first).toBe(1);
  await expect.poll(() => ran).toEqual([1, 2, 4]);
  ends[1]?.();
  ends[2]?.();
  expect([await second, await fourth]).toEqual([2, 4]);
});

test("a job that fails makes room", async () => {
  const queue = new Queue(1);
  await expect(queue.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await queue.run(() => Promise.resolve("yes"))).toBe("yes");
});
