import type { Path } from "../path";

/** What is left to do when a job has made its copy. */
export interface Plan {
  /** Where the copy goes; something else is there, and goes to the trash, if the job makes it elsewhere. */
  to: Path;
  /** What was copied goes to the trash: it is moved. */
  trashes: boolean;
}

const kept = "granary-plans"; // in what lasts as long as the tab, so that a page that is loaded again goes on

/** The plans that were kept, by job. */
export function plans(): Map<string, Plan> {
  const list: unknown = JSON.parse(sessionStorage.getItem(kept) ?? "[]");
  return new Map(Array.isArray(list) ? list.filter(isPlanned) : []);
}

/** Keeps what is left to do after a job. */
export function keepPlan(job: string, plan: Plan): void {
  sessionStorage.setItem(kept, JSON.stringify([...plans().set(job, plan)]));
}

/** Forgets what was left to do after a job. */
export function forgetPlan(job: string): void {
  const all = plans();
  if (all.delete(job)) sessionStorage.setItem(kept, JSON.stringify([...all]));
}

function isPlanned(entry: unknown): entry is [string, Plan] {
  if (!Array.isArray(entry) || entry.length !== 2) return false;
  const [job, plan]: unknown[] = entry;
  return typeof job === "string" && typeof plan === "object" && plan !== null && "to" in plan && typeof plan.to === "string" && "trashes" in plan && typeof plan.trashes === "boolean";
}
