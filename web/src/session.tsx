import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactElement, type ReactNode } from "react";
import { api, ApiError, ask, sessionEnded, type Me } from "./api/client";
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
 * dialog, so that somebody who signs in again goes on where he was.
 */
export function SignedIn({ children }: { children: ReactNode }): ReactElement {
  const queries = useQueryClient();
  const [ended, setEnded] = useState(false);
  const me = useQuery({
    queryKey: ["me"],
    queryFn: () => ask(api.GET("/api/v1/users/me")),
    staleTime: Infinity,
    retry: (failures, e) => !(e instanceof ApiError && e.status === 401) && failures < 2,
  });
  useEffect(() => {
    const end = () => setEnded(true);
    sessionEnded.addEventListener("ended", end);
    return () => sessionEnded.removeEventListener("ended", end);
  }, []);

  // Who has signed in elsewhere, in another tab or at a provider, goes on here.
  useEffect(() => {
    if (!ended) return;
    const look = async () => {
      const { data } = await api.GET("/api/v1/users/me");
      if (data !== undefined) await again();
    };
    const focused = () => void look().catch(() => undefined); // without a connection it is looked again next time
    window.addEventListener("focus", focused);
    return () => window.removeEventListener("focus", focused);
  });

  const again = async () => {
    const before = me.data?.name;
    setEnded(false); // if it is not over, the next answer says so
    const now = await queries.fetchQuery({ queryKey: ["me"], queryFn: () => ask(api.GET("/api/v1/users/me")), staleTime: 0 });
    if (before !== undefined && before !== now.name) {
      location.reload(); // what is shown belongs to somebody else
      return;
    }
    await queries.invalidateQueries();
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
