import { lazy, Suspense, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { Boundary } from "../parts/Boundary";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Loading } from "../parts/states";
import { within } from "../path";
import { useAddress } from "../place";
import { useMe } from "../session";
import { useProjects, useReceivedShares } from "./places";

const ProjectTree = lazy(() => import("../tree/ProjectTree"));

/** The sidebar: links to pages, and the tree of projects and their directories. */
export function Sidebar(): ReactElement {
  const me = useMe();
  const { place } = useAddress();
  const projects = useProjects();
  const received = useReceivedShares();
  const offers = (received.data ?? []).filter((share) => share.state === "offered").length;
  const path = place.at === "files" ? place.path : undefined;
  return (
    <>
      <ul className="places">
        <li>
          <Link to={{ at: "home" }} className="place" current={place.at === "home"}>
            <Icon name="project" />
            <span>Projects</span>
          </Link>
        </li>
        <li data-into={me.home}>
          <Link to={{ at: "files", path: me.home }} className="place" current={path !== undefined && within(path, me.home)}>
            <Icon name="home" />
            <span>Home</span>
          </Link>
        </li>
        <li>
          <Link to={{ at: "shared" }} className="place" current={place.at === "shared"}>
            <Icon name="share" />
            <span>Shared with me</span>
            {offers > 0 && (
              <span className="badge" title={`${offers} to accept or reject`}>
                {offers}
                <span className="unseen">{offers === 1 ? " pending offer" : " pending offers"}</span>
              </span>
            )}
          </Link>
        </li>
        <li>
          <Link to={{ at: "discover" }} className="place" current={place.at === "discover"}>
            <Icon name="search" />
            <span>Discover</span>
          </Link>
        </li>
      </ul>
      <h2 className="side-head">Your projects</h2>
      {projects.isPending ? (
        <Loading label="Loading projects" />
      ) : projects.data === undefined ? (
        <p className="side-fault" role="alert">
          {wordsFor(projects.error)}{" "}
          <button type="button" className="link" onClick={() => void projects.refetch()}>
            Try again
          </button>
        </p>
      ) : (
        <Boundary of="tree" instead={(words) => <p className="side-fault">{words}</p>}>
          <Suspense fallback={<Loading label="Loading projects" />}>
            <ProjectTree projects={projects.data} current={place.at === "project" ? `/Projects/${place.project}` : path} />
          </Suspense>
        </Boundary>
      )}
    </>
  );
}
