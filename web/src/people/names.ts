import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "../api/client";
import { useMe } from "../session";
import { useProjects } from "../shell/places";

const proposed = 6;
const settle = 150; // milliseconds without a key before the server is asked

/** Those names that begin with what is typed and that the caller may know of. */
export function useNames(kind: "user" | "group" | "project", typed: string, asked: boolean): readonly string[] {
  const me = useMe();
  const projects = useProjects();
  const wanted = typed.trim().toLowerCase();
  const [prefix, setPrefix] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setPrefix(wanted), settle);
    return () => clearTimeout(timer);
  }, [wanted]);
  const users = useQuery({
    queryKey: ["known-users", prefix],
    queryFn: async ({ signal }) => (await ask(api.GET("/api/v1/users/known", { params: { query: { prefix, limit: 20 } }, signal }))).names,
    enabled: asked && kind === "user",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false, // suggestions are only a convenience
  });
  if (!asked) return [];
  const own = projects.data?.map((p) => p.name) ?? [];
  const all = kind === "user" ? (users.data ?? []) : kind === "project" ? own : [...new Set([...own, ...me.groups])];
  return all.filter((name) => name.toLowerCase().startsWith(wanted)).slice(0, proposed);
}
