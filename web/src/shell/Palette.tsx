import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useId, useState, type KeyboardEvent, type ReactElement } from "react";
import { api, ask } from "../api/client";
import { commandsNow } from "../parts/commands";
import { Dialog } from "../parts/Dialog";
import { Icon, iconOf, type IconName } from "../parts/Icon";
import { nameOf, parentOf, visible } from "../path";
import { go } from "../place";
import { useMe } from "../session";
import { composing, isOn } from "./keys";
import { noteOf, shortest } from "./note";
import { useProjects } from "./places";

interface Choice {
  id: string;
  icon: IconName;
  label: string;
  detail: string;
  run: () => void;
}

interface PaletteProps {
  onClose: () => void;
  turnTheme: () => void;
}

/** One field to find pages, files, and commands of the current page. */
export default function Palette({ onClose, turnTheme }: PaletteProps): ReactElement {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(text.trim());
  const list = useId();
  const me = useMe();
  const projects = useProjects();
  const hits = useQuery({
    queryKey: ["search", wanted],
    enabled: wanted.length >= shortest,
    queryFn: ({ signal }) => ask(api.GET("/api/v1/search", { params: { query: { query: wanted, limit: 12 } }, signal })),
  });

  const commands: Choice[] = [
    { id: "projects", icon: "project", label: "Projects", detail: "Page", run: () => go({ at: "home" }) },
    { id: "shared", icon: "share", label: "Shared with me", detail: "Page", run: () => go({ at: "shared" }) },
    { id: "tokens", icon: "key", label: "Tokens and links", detail: "Page", run: () => go({ at: "tokens" }) },
    ...(me.superuser ? [{ id: "admin", icon: "people" as const, label: "Administration", detail: "Page", run: () => go({ at: "admin" }) }] : []),
    { id: "discover", icon: "search", label: "Discover projects and datasets", detail: "Page", run: () => go({ at: "discover" }) },
    ...commandsNow().map((c) => ({ id: `command ${c.label}`, icon: c.icon ?? "right", label: c.label, detail: c.keys !== undefined && isOn(c.keys) ? c.keys : "Command", run: c.run }) as const),
    { id: "theme", icon: "moon", label: "Switch between light and dark", detail: "Command", run: turnTheme },
  ];
  for (const p of projects.data ?? []) {
    commands.push({ id: `project ${p.name}`, icon: "project", label: p.name, detail: "Project", run: () => go({ at: "files", path: p.path }) });
  }
  const choices = commands.filter((c) => c.label.toLowerCase().includes(wanted.toLowerCase()));
  if (wanted.startsWith("/")) {
    choices.unshift({ id: "path", icon: "right", label: `Go to ${wanted}`, detail: "Path", run: () => go({ at: "files", path: wanted.replace(/(.)\/+$/, "$1") }) });
  }
  for (const hit of wanted.length >= shortest ? (hits.data?.items ?? []) : []) {
    choices.push({
      id: `hit ${hit.fileId}`,
      icon: iconOf(nameOf(hit.path), hit.kind !== "file"),
      label: visible(nameOf(hit.path)),
      detail: visible(parentOf(hit.path)),
      run: () => go({ at: "files", path: hit.path }),
    });
  }
  const note = noteOf(wanted, choices.length, { looking: hits.isPending, error: hits.error, partial: hits.data?.partial === true });
  const marked = Math.min(at, choices.length - 1);
  useEffect(() => {
    document.getElementById(`${list}-${marked}`)?.scrollIntoView({ block: "nearest" });
  }, [list, marked]);
  const choose = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    onClose();
    choice.run();
  };
  const onKey = (e: KeyboardEvent) => {
    if (composing(e)) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const step = e.key === "ArrowDown" ? 1 : -1;
      setAt((marked + step + choices.length) % Math.max(1, choices.length));
    } else if (e.key === "Enter") {
      e.preventDefault();
      choose(choices[marked]);
    }
  };
  return (
    <Dialog title="Find" onClose={onClose}>
      <input
        className="palette-field"
        role="combobox"
        aria-label="Find files, pages and commands"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={choices[marked] ? `${list}-${marked}` : undefined}
        placeholder="Name, path or command"
        data-first=""
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <ul className="palette" id={list} role="listbox" aria-label="Results">
        {choices.map((c, i) => (
          <li key={c.id} id={`${list}-${i}`} role="option" aria-selected={i === marked} onMouseMove={() => setAt(i)} onClick={() => choose(c)}>
            <Icon name={c.icon} />
            <span className="cut">{c.label}</span>
            <span className="faint cut">{c.detail}</span>
          </li>
        ))}
      </ul>
      <p className="faint" role="status">
        {note}
      </p>
    </Dialog>
  );
}
