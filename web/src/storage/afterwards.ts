import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { transfers } from "../moving/transfers";
import { uploads } from "../upload/queue";
import { refreshStorage } from "./refresh";

/** Refreshes what tells how much space is used, each time that all uploads, or all moves and copies, have ended: not for each file. */
export function useStorageAfterwards(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stops = [uploads, transfers].map((queue) => whenEmptied(queue, () => refreshStorage(queries)));
    return () => stops.forEach((stop) => stop());
  }, [queries]);
}

/** What can be waited for. */
interface Queue {
  subscribe: (tell: () => void) => () => void;
  /** How many are under way. */
  left: () => number;
}

/** Calls emptied when something of a queue has ended and nothing of it is under way. It returns a function that ends this. */
function whenEmptied(queue: Queue, emptied: () => void): () => void {
  return queue.subscribe(() => {
    if (queue.left() === 0) emptied(); // also if it was empty when it told last: it does not tell of what begins and ends at once
  });
}
