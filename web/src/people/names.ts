import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "../api/client";
import { useMe } from "../session";
import { useProjects } from "../shell/places";

const proposed = 6;
const settle = 150; // milliseconds without a key after which the server is asked

/** Names that begin with what is typed, of those that the caller may know. Any other can be typed, too. */
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
    retry: false, // what is proposed is a convenience
  });
  if (!asked) return [];
  const own = projects.data?.map((p) => p.name) ?? [];
  const all = kind === "user" ? (users.data ?? []) : kind === "project" ? own : [...new Set([...own, ...me.groups])];
  return all.filter((name) => name.toLowerCase().startsWith(wanted)).slice(0, proposed);
}
