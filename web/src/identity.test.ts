import { expect, test, vi } from "vitest";
import { Identity, type Standing } from "./identity";

/** Tabs of one browser: what one says the others hear at once, and one of them is signed in for all. */
function browser(): { signedIn: string | undefined; tab: (name: string) => { of: Identity; found: Standing[]; reached: { now: boolean } } } {
  const channels: EventTarget[] = [];
  const of = {
    signedIn: undefined as string | undefined,
    tab: (name: string) => {
      const channel = new EventTarget() as BroadcastChannel;
      channel.postMessage = (data: unknown) => {
        for (const other of channels) if (other !== channel) other.dispatchEvent(new MessageEvent("message", { data }));
      };
      channels.push(channel);
      const identity = new Identity();
      const found: Standing[] = [];
      const reached = { now: true };
      identity.subscribe((standing) => found.push(standing));
      identity.listen(channel, () => (reached.now ? Promise.resolve(of.signedIn) : Promise.reject(new Error("no answer"))));
      of.signedIn = name;
      identity.shows(name);
      return { of: identity, found, reached };
    },
  };
  return of;
}

test("a page that shows nobody is sure of it, and of whom it shows then", () => {
  const identity = new Identity();
  identity.doubt(); // the first answer was that nobody is signed in
  identity.shows("ada");
  expect(identity.standing).toBe("same");
});

test("a page holds when somebody signs out elsewhere, until it is known who signed in then", async () => {
  const all = browser();
  const here = all.tab("ada");
  const there = all.tab("ada");
  expect(here.of.standing).toBe("same");
  all.signedIn = undefined;
  there.of.signedOut();
  expect(here.of.standing).toBe("unsure");
  let sure = false;
  void here.of.sure().then(() => {
    sure = true;
  });
  await Promise.resolve();
  await here.of.glance();
  expect([here.of.standing, sure]).toEqual(["unsure", false]);
  all.tab("ada");
  await vi.waitFor(() => expect([here.of.standing, sure]).toEqual(["same", true]), 20_000);
});

test("a page does not become its user's again once somebody else was signed in", async () => {
  const all = browser();
  const here = all.tab("ada");
  all.tab("bob");
  expect(here.of.standing).toBe("unsure");
  await vi.waitFor(() => expect(here.of.standing).toBe("another"), 20_000);
  all.signedIn = "ada";
  await here.of.look();
  expect(here.of.standing).toBe("another");
});

test("it is asked again after the clock was set back", async () => {
  vi.useFakeTimers();
  const all = browser();
  const here = all.tab("ada");
  await here.of.glance();
  all.signedIn = "bob";
  vi.setSystemTime(Date.now() - 3_600_000);
  await here.of.glance();
  expect(here.of.standing).toBe("another");
  vi.useRealTimers();
});

test("without a message, it is asked now and then; without an answer, again", async () => {
  vi.useFakeTimers();
  const all = browser();
  const here = all.tab("ada");
  await here.of.glance();
  await here.of.glance();
  expect(here.found).toEqual(["same"]);
  await vi.advanceTimersByTimeAsync(5_000);
  all.signedIn = "bob";
  here.reached.now = false;
  await here.of.glance();
  expect(here.of.standing).toBe("same"); // nothing speaks against it
  all.tab("bob");
  await vi.advanceTimersByTimeAsync(2_900);
  expect(here.of.standing).toBe("unsure");
  here.reached.now = true;
  await vi.advanceTimersByTimeAsync(200);
  expect(here.of.standing).toBe("another");
  vi.useRealTimers();
});
