import type { Project } from "../api/client";

/** The roles in a project, under their names in Hopsworks. */
export const roles = {
  owner: { label: "Data owner", means: "Can do everything in the project, including managing members and shares." },
  scientist: { label: "Data scientist", means: "Can read, and can write where the project’s group is allowed to." },
  observer: { label: "Observer", means: "Can only read." },
} as const satisfies Record<NonNullable<Project["role"]>, { label: string; means: string }>;
