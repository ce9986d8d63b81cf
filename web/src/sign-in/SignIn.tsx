import { useQuery } from "@tanstack/react-query";
import { useId, useState, type FormEvent, type ReactElement } from "react";
import { api, ApiError, ask, wordsFor } from "../api/client";
import { rest } from "../format";
import { Dialog } from "../parts/Dialog";
import { tiedTo } from "../parts/tied";
import { here } from "../place";

interface SignInProps {
  /** Whether the session of user ended while a page was shown. */
  expired?: boolean;
  user?: string;
  /** Called after signing in. */
  done: () => Promise<void>;
}

/** The sign-in form: as a page, or as a dialog above the page that was shown when the session ended. */
export function SignIn({ expired = false, user = "", done }: SignInProps): ReactElement {
  const form = <SignInForm expired={expired} user={user} done={done} />;
  if (expired) {
    return (
      <Dialog title="Sign in again" closable={false} onClose={() => undefined}>
        <p>Your session has ended. Sign in to continue where you left off. Nothing on this page is lost.</p>
        {form}
      </Dialog>
    );
  }
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/assets/granary.svg" alt="" width="44" height="44" />
        <h1>Granary</h1>
        <p className="faint">Datasets, logs and models for your team.</p>
        {form}
      </div>
    </main>
  );
}

const longestReturn = 2000; // bytes of a return address that the server accepts

function SignInForm({ expired, user, done }: { expired: boolean; user: string; done: () => Promise<void> }): ReactElement {
  const [name, setName] = useState(user);
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState({ words: "", wrong: false });
  const id = useId();
  const tied = tiedTo(fault.wrong ? id : undefined); // nobody says which of the two is wrong
  const ways = useQuery({ queryKey: ["sign-in"], queryFn: () => ask(api.GET("/api/v1/sign-in")), staleTime: Infinity });

  const back = here().length <= longestReturn ? here() : "/";

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    setBusy(true);
    setFault({ words: "", wrong: false });
    try {
      await ask(api.POST("/api/v1/sessions", { body: { user: name, password } }));
      await done();
    } catch (failure) {
      setFault({ words: faultOf(failure), wrong: failure instanceof ApiError && failure.status === 401 });
      setPassword("");
    }
    setBusy(false);
  };

  return (
    <form className="form" onSubmit={(e) => void submit(e)}>
      {ways.data?.provider && (
        <>
          {/* From the dialog it opens a new tab, since leaving the page would end uploads. */}
          <a className="button primary" href={`/login/oidc?return=${encodeURIComponent(back)}`} {...(expired ? { target: "_blank", rel: "noopener" } : {})}>
            Sign in with your organisation
          </a>
          <div className="or">or with a password</div>
        </>
      )}
      <label>
        User
        <input name="user" {...tied} autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus={user === ""} data-first={user === "" ? "" : undefined} value={name} onChange={(e) => setName(e.target.value)} />
      </label>
      <label>
        Password
        <input name="password" type="password" {...tied} autoComplete="current-password" required autoFocus={user !== ""} data-first={user === "" ? undefined : ""} value={password} onChange={(e) => setPassword(e.target.value)} />
      </label>
      <p id={id} className="fault" role="alert">
        {fault.words}
      </p>
      <button type="submit" className={ways.data?.provider ? "" : "primary"} disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}

function faultOf(e: unknown): string {
  if (e instanceof ApiError && e.status === 429) {
    return e.retryAfter > 0 ? `Too many attempts. Try again in ${rest(e.retryAfter)}.` : "Too many attempts. Wait a moment and try again.";
  }
  return wordsFor(e);
}
