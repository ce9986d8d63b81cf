import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState, type ReactElement } from "react";
import { ApiError } from "../api/client";
import { Failure, Loading } from "../parts/states";
import { namesOf, within, type Path } from "../path";
import { useLinked } from "../place";
import { FilePage } from "./FilePage";
import { Listing } from "./Listing";
import { Crumbs } from "./Crumbs";
import { readStatus, statusKey } from "./status";

const Curves = lazy(() => import("../curves/Curves"));

let latest: Path = "/"; // the path whose page was shown last

/** The page of a path: a directory's listing or its curves, or a file. */
export function Files({ path }: { path: Path }): ReactElement {
  const [tab] = useLinked("tab");
  const [before] = useState(latest);
  useEffect(() => {
    latest = path;
  }, [path]);
  const status = useQuery({ queryKey: statusKey(path), queryFn: () => readStatus(path) });
  if (status.isPending) {
    return (
      <>
        <Crumbs path={path} />
        <Loading label="Loading" />
      </>
    );
  }
  const gone = status.error instanceof ApiError && status.error.status === 404; // a refetch may find it deleted while data from before is still cached
  if (status.data === undefined || gone) {
    return (
      <>
        <Crumbs path={path} />
        <Failure error={status.error} retry={() => void status.refetch()} />
      </>
    );
  }
  if (status.data.type === "DIRECTORY" && (tab === "scalars" || tab === "images")) {
    return (
      <Suspense fallback={<Loading label="Loading" />}>
        <Curves key={path} dir={path} tab={tab} />
      </Suspense>
    );
  }
  if (status.data.type === "DIRECTORY") return <Listing dir={path} from={within(before, path) ? namesOf(before)[namesOf(path).length] : undefined} />;
  return <FilePage path={path} status={status.data} sure={status.isFetchedAfterMount || !status.isFetching} />;
}
