import { lazy, Suspense, useCallback, useEffect, useRef, useState, type CSSProperties, type ReactElement, type ReactNode } from "react";
import { wordsFor } from "../api/client";
import { Boundary } from "../parts/Boundary";
import { Icon } from "../parts/Icon";
import { Link } from "../parts/Link";
import { Menu } from "../parts/Menu";
import { toast } from "../parts/toasts";
import { go, useAddress } from "../place";
import { useMe } from "../session";
import { useNoStrayDrops } from "../upload/useNoStrayDrops";
import { Sidebar } from "./Sidebar";
import { SideWidth, useSideWidth } from "./SideWidth";
import { isOn, letterOf, typing } from "./keys";
import { useTheme } from "./theme";

const Activity = lazy(() => import("../activity/Activity"));
const KeyMap = lazy(() => import("./KeyMap"));
const loadPalette = () => import("./Palette");
const Palette = lazy(loadPalette);
const SignOutDialog = lazy(() => import("./SignOutDialog"));

/** The frame of every page: the top bar, the sidebar, and dialogs of the whole application. */
export function Shell({ children }: { children: ReactNode }): ReactElement {
  const me = useMe();
  const { place } = useAddress();
  const [theme, turnTheme] = useTheme();
  const [side, setSide] = useSideWidth();
  const [open, setOpen] = useState<"palette" | "keys" | "places" | "sign out" | null>(null);
  const close = useCallback(() => setOpen(null), []);
  useNoStrayDrops();

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.key === "Control" || e.key === "Meta") void loadPalette().catch(() => undefined); // Ctrl K may follow
      if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && letterOf(e) === "k") {
        e.preventDefault();
        setOpen("palette");
      } else if (e.key === "?" && !typing(e) && isOn(e.key)) {
        e.preventDefault();
        setOpen("keys");
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  useEffect(() => setOpen((was) => (was === "places" ? null : was)), [place]);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (open !== "places") return undefined;
    const onKey = (e: KeyboardEvent) => {
      if (e.key !== "Escape") return;
      setOpen(null);
      opener.current?.focus(); // it may be in what is hidden then
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);

  const leave = async (sure: boolean) => {
    try {
      const { signOut, underWay } = await import("./signOut");
      if (sure || underWay() === "") await signOut();
      else setOpen("sign out");
    } catch (e) {
      toast({ text: `You could not be signed out. ${wordsFor(e)}`, tone: "bad" });
    }
  };

  return (
    <div className="shell" style={{ "--side": `${side}px` } as CSSProperties}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="bar">
        <button ref={opener} type="button" className="quiet square only-narrow" aria-label="Navigation" aria-expanded={open === "places"} onClick={() => setOpen(open === "places" ? null : "places")}>
          <Icon name="menu" />
        </button>
        <Link to={{ at: "home" }} className="brand">
          <img src="/assets/granary.svg" alt="Granary" width="22" height="22" />
          <span aria-hidden="true">Granary</span>
        </Link>
        <button type="button" className="find" onClick={() => setOpen("palette")}>
          <Icon name="search" />
          <span>Find files, pages and commands</span>
          <kbd>Ctrl K</kbd>
        </button>
        <button type="button" className="quiet square" aria-label={theme === "dark" ? "Light theme" : "Dark theme"} onClick={turnTheme}>
          <Icon name={theme === "dark" ? "sun" : "moon"} />
        </button>
        <Menu
          head={
            <>
              <strong>{me.name}</strong>
              {me.superuser && <span className="tag">superuser</span>}
            </>
          }
          trigger={
            <button type="button" className="quiet avatar" aria-label={`Account of ${me.name}`}>
              {me.name.slice(0, 1).toUpperCase()}
            </button>
          }
          items={[
            { label: "Home folder", icon: "home", run: () => go({ at: "files", path: me.home }) },
            { label: "Tokens and links", icon: "key", run: () => go({ at: "tokens" }) },
            ...(me.superuser ? [{ label: "Administration", icon: "people" as const, run: () => go({ at: "admin" }) }] : []),
            { label: "Keyboard shortcuts", icon: "more", keys: "?", run: () => setOpen("keys") },
            { label: "API documentation", icon: "code", run: () => window.open("/docs/", "_blank", "noopener") },
            "line",
            { label: "Sign out", run: () => void leave(false) },
          ]}
        />
      </header>
      <nav className={open === "places" ? "side open" : "side"} aria-label="Navigation">
        <Sidebar />
        <SideWidth width={side} onChange={setSide} />
      </nav>
      <main id="main" className="main" tabIndex={-1} onPointerDown={() => open === "places" && setOpen(null)}>
        {children}
      </main>
      <Boundary of="activity" instead={(words) => <ActivityLost words={words} />}>
        <Suspense>
          <Activity />
        </Suspense>
      </Boundary>
      <Boundary of={open ?? ""} onClose={close}>
        <Suspense>
          {open === "palette" && <Palette onClose={close} turnTheme={turnTheme} />}
          {open === "keys" && <KeyMap onClose={close} />}
          {open === "sign out" && <SignOutDialog onClose={close} onSure={() => void leave(true)} />}
        </Suspense>
      </Boundary>
    </div>
  );
}

/** Shown in place of the panels of uploads, moves and copies. Without them nobody is asked where an upload goes, so that it would never begin, and without a word. */
function ActivityLost({ words }: { words: string }): ReactElement {
  return (
    <div className="activity">
      <section className="uploads" aria-label="Uploads">
        <p className="conflict" role="alert">
          <span>
            <strong>Uploads do not work on this page.</strong> {words}
          </span>
          <button type="button" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      </section>
    </div>
  );
}
