import { useQuery } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { api, ask } from "../api/client";
import type { Path } from "../path";
import { Link } from "../parts/Link";
import { plainView } from "../place";
import "./curves.css";

/** The views of a directory with event files. */
export type CurveTab = "files" | "scalars" | "images";

const tabs: readonly [CurveTab, string][] = [["files", "Files"], ["scalars", "Scalars"], ["images", "Images"]];

const known = 300_000; // milliseconds for which it is remembered that there are runs
const none = 45_000; // that there are none, while the page is shown: a training may begin any time

interface CurveTabsProps {
  dir: Path;
  at: CurveTab;
  /** Whether there certainly are curves; if not, the server is asked. */
  sure: boolean;
  /** Shown at the other end of the bar. */
  children?: ReactNode;
}

/** Tabs for the files of a directory and the curves in them; nothing if there are no curves. */
export default function CurveTabs({ dir, at, sure, children }: CurveTabsProps): ReactElement | null {
  const any = useQuery({
    queryKey: ["runs-any", dir],
    queryFn: ({ signal }) => ask(api.GET("/api/v1/runs/any", { params: { query: { path: dir } }, signal })),
    enabled: !sure,
    staleTime: ({ state }) => (state.data?.runs === true ? known : none),
    refetchInterval: ({ state }) => state.data?.runs === false && none,
    retry: false, // without the right to ask, there are no tabs
  });
  if (!sure && any.data?.runs !== true) return null;
  return (
    <div className="view-tabs">
      <nav aria-label="Views of this folder">
        {tabs.map(([tab, label]) => {
          const view = tab === "files" ? plainView : { ...plainView, more: { tab } };
          return (
            <Link key={tab} to={{ at: "files", path: dir }} view={view} current={tab === at}>
              {label}
            </Link>
          );
        })}
      </nav>
      {children}
    </div>
  );
}
