import type { Project } from "../api/client";

/** What somebody may do in a project, in Hopsworks' words. */
export const roles = {
  owner: { label: "Data owner", means: "Everything, members and shares included." },
  scientist: { label: "Data scientist", means: "Reads, and writes where the project’s group may." },
  observer: { label: "Observer", means: "Reads." },
} as const satisfies Record<NonNullable<Project["role"]>, { label: string; means: string }>;
