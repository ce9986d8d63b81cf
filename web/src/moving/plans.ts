import type { Path } from "../path";

/** What the page still has to do when a copy job is finished. */
export interface Plan {
  /** The final path of the copy. If the job's target is another path, an entry at the final path is to be replaced. */
  to: Path;
  /** Whether the original goes to the trash, which makes it a move. */
  trashes: boolean;
}

const kept = "granary-plans"; // in the tab's session storage, so that the page can go on after a reload

/** The stored plans, by job. */
export function plans(): Map<string, Plan> {
  const list: unknown = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
  return new Map(Array.isArray(list) ? list.filter(isPlanned) : []);
}

/** Stores the plan of a job. */
export function keepPlan(job: string, plan: Plan): void {
  sessionStorage.setItem(kept, JSON.stringify([...plans().set(job, plan)]));
}

/** Removes the plan of a job. */
export function forgetPlan(job: string): void {
  const all = plans();
  if (all.delete(job)) sessionStorage.setItem(kept, JSON.stringify([...all]));
}

function isPlanned(entry: unknown): entry is [string, Plan] {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const [job, plan]: unknown[] = entry;
  return typeof job === "string" && typeof plan === "object" && plan !== null && "to" in plan && typeof plan.to === "string" && "trashes" in plan && typeof plan.trashes === "boolean";
}
