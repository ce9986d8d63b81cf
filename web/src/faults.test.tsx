// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AddEntry } from "./access/AddEntry";
import type { ProjectRecord, User } from "./admin/asked";
import { LimitsDialog } from "./admin/LimitsDialog";
import { GroupsDialog, PasswordDialog } from "./admin/UserDialogs";
import { api } from "./api/client";
import LinkDialog from "./links/LinkDialog";
import MoveDialog from "./moving/MoveDialog";
import { go, plainView } from "./place";
import { SignIn } from "./sign-in/SignIn";
import NewToken from "./tokens/NewToken";

vi.mock("./session", () => ({ useMe: () => ({ name: "ada", home: "/user/ada", groups: [] }) }));

let root: Root | undefined;

beforeEach(() => {
  const refuse = (status: number) => () => Promise.resolve({ error: { detail: "No, not this." }, response: new Response(null, { status }) });
  vi.spyOn(api, "POST").mockImplementation(refuse(401) as never);
  for (const method of ["PUT", "PATCH"] as const) vi.spyOn(api, method).mockImplementation(refuse(400) as never);
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { items: [], names: [], FsServerDefaults: { trashInterval: 1 } }, response: new Response(null, { status: 200 }) })) as never);
});
afterEach(() => {
  root?.unmount();
  vi.restoreAllMocks();
});

const close = () => undefined;
const project = { name: "p", owners: [], archived: false, counted: true } as unknown as ProjectRecord;
const user = { name: "bob", groups: [], mappedGroups: [] } as unknown as User;
const [name, bytes, names] = ["input:not([type=checkbox])", "label:nth-of-type(1) input", "label:nth-of-type(2) input"];

test.for<[string, ReactElement, typed: Readonly<Record<string, string>>, about: readonly string[], words: string]>([
  ["an entry of an access list", <AddEntry scope="access" directories taken={() => false} onAdd={close} />, { [name]: "a:b" }, [name], "colons"],
  ["a place to move to", <MoveDialog deed="move" paths={["/a/x"]} onClose={close} />, { [name]: "/a/x/y" }, [name], "subfolders"],
  ["a sign-in", <SignIn done={() => Promise.resolve()} />, { "[name=user]": "ada", "[name=password]": "x" }, ["[name=user]", "[name=password]"], "No, not this."],
  ["a limit of bytes", <LimitsDialog project={project} onClose={close} />, { [bytes]: "much" }, [bytes], "is not a size"],
  ["a limit of names", <LimitsDialog project={project} onClose={close} />, { [names]: "many" }, [names], "is not a number"],
  ["a password", <PasswordDialog user="bob" onClose={close} />, { [name]: "x" }, [name], "No, not this."],
  ["groups", <GroupsDialog user={user} onClose={close} />, { [name]: "x" }, [name], "No, not this."],
  ["the password of a link", <LinkDialog path="/a/x" onClose={close} />, { [name]: "short" }, [name], "at least 8 characters"],
  ["the note of a link", <LinkDialog path="/a/x" onClose={close} />, { "[placeholder]": "x".repeat(201) }, ["[placeholder]"], "longer than 200 bytes"],
  ["the name of a token", <NewToken />, { [name]: "x".repeat(201) }, [name], "longer than 200 bytes"],
])("what is wrong with %s is told of its field, and of no other", async ([, what, typed, about, words]) => {
  go({ at: "tokens" }, { ...plainView, more: { verbs: "read" } });
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(<QueryClientProvider client={new QueryClient()}>{what}</QueryClientProvider>);
  await vi.waitFor(() => expect(place.querySelector(about[0] ?? name)).not.toBeNull(), 20_000);
  expect(place.querySelector("[aria-invalid=true]")).toBeNull();
  for (const [selector, text] of Object.entries(typed)) {
    const field = place.querySelector<HTMLInputElement>(selector);
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  }
  await new Promise((done) => setTimeout(done)); // the button of a form may have to become enabled
  place.querySelector("form")?.requestSubmit();
  await vi.waitFor(() => expect(place.textContent).toContain(words), 20_000);
  const told = [...place.querySelectorAll("[aria-invalid=true]")];
  expect(told).toEqual(about.map((selector) => place.querySelector(selector)));
  for (const field of told) expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toContain(words);
});
