import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";
import { api, ApiError, ask, sessionEnded, type Me } from "./api/client";
import { identity } from "./identity";
import { Failure, Loading } from "./parts/states";
import { SignIn } from "./sign-in/SignIn";

const MeContext = createContext<Me | null>(null);

/** Who is signed in. Only for what SignedIn shows. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error("useMe outside of SignedIn");
  return me;
}

/**
 * Shows its children to who is signed in, and the sign-in page to others. When a session ends, the page stays as it is behind a
 * dialog, so that somebody who signs in again goes on where he was; if that is somebody else, here or in another tab, the page is loaded anew.
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
  const nobody = useRef(false);
  nobody.current = name === undefined && me.error instanceof ApiError && me.error.status === 401;
  useEffect(() => {
    const end = () => {
      setEnded(true);
      identity.doubt(); // who signs in next may be another
    };
    sessionEnded.addEventListener("ended", end);
    return () => sessionEnded.removeEventListener("ended", end);
  }, []);
  useEffect(
    () =>
      identity.subscribe((standing) => {
        if (standing === "another") location.reload(); // what is shown belongs to somebody else
        if (standing !== "same" || !over.current) return;
        setEnded(false); // if it is not over, the next answer says so
        void queries.invalidateQueries();
      }),
    [queries],
  );
  useEffect(() => {
    const end = identity.listen(typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("granary-identity"), signedIn);
    const glance = () => {
      if (document.visibilityState !== "visible") return;
      if (nobody.current) void refetch(); // who has signed in in another tab goes on here
      else void identity.glance();
    };
    window.addEventListener("focus", glance);
    document.addEventListener("visibilitychange", glance);
    return () => {
      end();
      window.removeEventListener("focus", glance);
      document.removeEventListener("visibilitychange", glance);
    };
  }, [refetch]);
  useEffect(() => {
    if (name !== undefined) identity.shows(name);
  }, [name]);

  const again = async () => {
    if (name === undefined) {
      setEnded(false);
      await me.refetch();
      return;
    }
    await identity.look();
    if (identity.standing === "same") identity.shows(name); // other tabs wait for that
  };

  if (me.data !== undefined) {
    return (
      <MeContext.Provider value={me.data}>
        {children}
        {ended && <SignIn expired user={me.data.name} done={again} />}
      </MeContext.Provider>
    );
  }
  if (me.isPending) return <Loading label="Signing in" />;
  if (me.error instanceof ApiError && me.error.status === 401) return <SignIn done={again} />;
  return <Failure error={me.error} retry={() => void me.refetch()} />;
}

/** The name of who is signed in now, undefined: nobody. It throws where no answer comes. */
async function signedIn(): Promise<string | undefined> {
  try {
    return (await ask(api.GET("/api/v1/users/me"))).name;
  } catch (e) {
    if (e instanceof ApiError && e.status === 401) return undefined;
    throw e;
  }
}
