import { expect, test } from "vitest";
import { dayIn, dayOf, endOfDay, endsWords } from "./ends";

test("ends are told as the time that is left", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const minutes = (n: number) => now + n * 60_000;
  expect(endsWords(minutes(0), now)).toBe("has ended");
  expect(endsWords(minutes(0.2), now)).toBe("ends in 1 minute");
  expect(endsWords(minutes(59), now)).toBe("ends in 59 minutes");
  expect(endsWords(minutes(5 * 60), now)).toBe("ends in 5 hours");
  expect(endsWords(minutes(6 * 24 * 60), now)).toBe("ends in 6 days");
  expect(endsWords(Date.parse("2099-05-01T12:00:00Z"), now)).toBe("ends on Friday, May 1, 2099");
});

test("a day ends where the browser is", () => {
  const end = endOfDay("2026-02-28");
  expect([dayOf(end), dayOf(end + 1000)]).toEqual(["2026-02-28", "2026-03-01"]);
  expect(dayIn(7, end)).toBe("2026-03-07");
});

test("a week from now is the same day of the week, also when clocks change meanwhile", () => {
  const before = process.env["TZ"];
  process.env["TZ"] = "Europe/Berlin";
  try {
    expect(dayIn(7, Date.parse("2026-10-20T00:30:00+02:00"))).toBe("2026-10-27");
    expect(dayIn(7, Date.parse("2026-03-25T23:30:00+01:00"))).toBe("2026-04-01");
  } finally {
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  }
});
