import { lazy, Suspense, useEffect, type ReactElement } from "react";
import { Files } from "./listing/Files";
import { Boundary } from "./parts/Boundary";
import { Toasts } from "./parts/toasts";
import { Empty, Loading } from "./parts/states";
import { Link } from "./parts/Link";
import { hrefOf, useAddress, type Place } from "./place";
import { Projects } from "./projects/Projects";
import { SignedIn } from "./session";
import { useFocusKept } from "./shell/focus";
import { Shell } from "./shell/Shell";
import { titleOf } from "./title";

const Admin = lazy(() => import("./admin/Admin"));
const Discover = lazy(() => import("./discover/Discover"));
const ProjectPage = lazy(() => import("./projects/ProjectPage"));
const Shared = lazy(() => import("./shares/Shared"));
const Tokens = lazy(() => import("./tokens/Tokens"));

/** The file manager. */
export function App(): ReactElement {
  useFocusKept();
  return (
    <>
      <SignedIn>
        <Shell>
          <Page />
        </Shell>
      </SignedIn>
      <Toasts />
    </>
  );
}

function Page(): ReactElement {
  const { place } = useAddress();
  useEffect(() => {
    document.title = titleOf(place);
    return () => {
      document.title = "Granary"; // of the page to sign in
    };
  }, [place]);
  return (
    <Boundary of={hrefOf(place)}>
      <Suspense fallback={<Loading label="Loading" />}>
        <PageAt place={place} />
      </Suspense>
    </Boundary>
  );
}

function PageAt({ place }: { place: Place }): ReactElement {
  switch (place.at) {
    case "home":
      return <Projects />;
    case "files":
      return <Files key={place.path} path={place.path} />;
    case "project":
      return <ProjectPage key={place.project} project={place.project} />;
    case "shared":
      return <Shared />;
    case "admin":
      return <Admin />;
    case "tokens":
      return <Tokens />;
    case "discover":
      return <Discover />;
    case "nowhere":
      return (
        <Empty icon="search" title="Page not found">
          <p>
            There is no page at this address. <Link to={{ at: "home" }}>Go to your projects</Link>
          </p>
        </Empty>
      );
  }
}
