import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";
import { api, ApiError, ask, sessionEnded, type Me } from "./api/client";
import { identity } from "./identity";
import { Failure, Loading } from "./parts/states";
import { SignIn } from "./sign-in/SignIn";

const MeContext = createContext<Me | null>(null);

/** The signed-in user, for children of SignedIn. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error("useMe outside of SignedIn");
  return me;
}

/**
 * Shows its children to a signed-in user, and the sign-in page to others. When the session ends, the page stays as it is behind a sign-in dialog, so that
 * the user can continue. If somebody else signs in, here or in another tab, the page is reloaded.
 */
export function SignedIn({ children }: { children: ReactNode }): ReactElement {
  const queries = useQueryClient();
  const [ended, setEnded] = useState(false);
  const over = useRef(ended);
  over.current = ended;
  const me = useQuery({
    queryKey: ["me"],
    queryFn: () => ask(api.GET("/api/v1/users/me")),
    staleTime: Infinity,
    retry: (failures, e) => !(e instanceof ApiError && e.status === 401) && failures < 2,
  });
  const name = me.data?.name;
  const { refetch } = me;
  const nobody = useRef(false); // also while it is asked again, and has no answer: what has been typed stays
  if (name !== undefined) nobody.current = false;
  else if (me.error instanceof ApiError && me.error.status === 401) nobody.current = true;
  const shown = useRef(name);
  shown.current = name;
  useEffect(() => {
    const end = () => {
      if (shown.current === undefined) return; // that nobody is signed in yet is no end of a session
      setEnded(true);
      identity.doubt(); // another user may sign in next
    };
    sessionEnded.addEventListener("ended", end);
    return () => sessionEnded.removeEventListener("ended", end);
  }, []);
  useEffect(
    () =>
      identity.subscribe((standing) => {
        if (standing === "another") location.reload(); // the page shows another user's data
        if (standing !== "same" || !over.current) return;
        setEnded(false); // if the session is still invalid, the next answer says so
        void queries.invalidateQueries();
      }),
    [queries],
  );
  useEffect(() => {
    const end = identity.listen(typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("granary-identity"), signedIn);
    const glance = () => {
      if (document.visibilityState !== "visible") return;
      if (nobody.current) void refetch(); // somebody may have signed in in another tab
      else void identity.glance();
    };
    // "Back" may lead to a page that the browser has kept as it was, from before its user signed out, or another one signed in.
    const kept = ({ persisted }: PageTransitionEvent) => {
      if (!persisted || identity.name === "") return;
      if (identity.standing === "another") {
        document.body.hidden = true; // until it is loaded anew
        location.reload();
      } else void identity.look();
    };
    window.addEventListener("pageshow", kept);
    window.addEventListener("focus", glance);
    document.addEventListener("visibilitychange", glance);
    return () => {
      end();
      window.removeEventListener("pageshow", kept);
      window.removeEventListener("focus", glance);
      document.removeEventListener("visibilitychange", glance);
    };
  }, [refetch]);
  useEffect(() => {
    if (name !== undefined) identity.shows(name);
  }, [name]);

  const again = async () => {
    if (name === undefined) {
      await queries.invalidateQueries({ queryKey: ["me"] }); // an answer from before is not waited for
      return;
    }
    await identity.look();
    if (identity.standing === "same") identity.shows(name); // tells the other tabs, which are waiting for it
  };

  if (me.data !== undefined) {
    return (
      <MeContext.Provider value={me.data}>
        {children}
        {ended && <SignIn expired user={me.data.name} done={again} />}
      </MeContext.Provider>
    );
  }
  if (nobody.current) return <SignIn done={again} />;
  if (me.isPending) return <Loading label="Signing in" />;
  return <Failure error={me.error} retry={() => void me.refetch()} />;
}

/** The name of the user who is signed in now, or undefined. It throws if there is no answer. */
async function signedIn(): Promise<string | undefined> {
  try {
    return (await ask(api.GET("/api/v1/users/me"))).name;
  } catch (e) {
    if (e instanceof ApiError && e.status === 401) return undefined;
    throw e;
  }
}
