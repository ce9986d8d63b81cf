import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { Queries } from "./queries";

/** A query whose answers come when the test gives them, by the number of the question. */
function asking(queries: Queries, shown: boolean) {
  const answers: ((words: string) => void)[] = [];
  const observer = new QueryObserver(queries, { queryKey: ["shares"], queryFn: () => new Promise<string>((give) => answers.push(give)), staleTime: Infinity });
  const stop = observer.subscribe(() => {});
  if (!shown) stop();
  return { answers, observer };
}

test("a first answer that is on its way when something changes is not believed", async () => {
  const queries = new Queries();
  const { answers, observer } = asking(queries, true);
  expect(answers.length).toBe(1);
  const again = queries.invalidateQueries({ queryKey: ["shares"] });
  expect(answers.length).toBe(2);
  answers[0]?.("none");
  await new Promise((later) => setTimeout(later));
  expect(observer.getCurrentResult().data).toBeUndefined();
  answers[1]?.("one");
  await again;
  expect(observer.getCurrentResult()).toMatchObject({ data: "one", status: "success", fetchStatus: "idle" });
  void queries.invalidateQueries({ queryKey: ["others"] });
  expect(answers.length).toBe(2);
});

test("neither is one that nobody waits for any more", async () => {
  const queries = new Queries();
  const { answers, observer } = asking(queries, false);
  await queries.invalidateQueries({ queryKey: ["shares"] });
  answers[0]?.("none");
  await expect.poll(() => queries.isFetching()).toBe(0);
  expect(queries.getQueryData(["shares"])).toBeUndefined();
  observer.subscribe(() => {});
  expect(answers.length).toBe(2);
  answers[1]?.("one");
  await expect.poll(() => queries.getQueryData(["shares"])).toBe("one");
});

test("whoever does not want to interrupt a question does not", async () => {
  const queries = new Queries();
  const { answers } = asking(queries, true);
  const done = queries.invalidateQueries({ queryKey: ["shares"] }, { cancelRefetch: false });
  expect(answers.length).toBe(1);
  answers[0]?.("none");
  await done;
  expect(queries.getQueryData(["shares"])).toBe("none");
});
