// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, useState, type ReactElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, type Me } from "../api/client";
import { untouched, type AccessState, type Draft } from "./draft";
import { Owners } from "./Owners";

const me = { name: "root", superuser: true, groups: [] as string[] } as Me;

vi.mock("../session", () => ({ useMe: () => me }));

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("the name of an owner can be deleted letter by letter to type another, and an empty one changes nothing", async () => {
  vi.spyOn(api, "GET").mockImplementation((() => Promise.resolve({ data: { items: [], names: [] }, response: new Response(null, { status: 200 }) })) as never);
  let draft: Draft = untouched;
  function Shown(): ReactElement {
    const [now, set] = useState<Draft>(untouched);
    draft = now;
    return <Owners of="owner" states={[{ path: "/d", owner: "ada" } as AccessState]} draft={now} onChange={set} fixed={false} me={me} />;
  }
  const place = document.body.appendChild(document.createElement("div"));
  await act(() => createRoot(place).render(<QueryClientProvider client={new QueryClient()}><Shown /></QueryClientProvider>));
  const field = place.querySelector("input");
  if (field === null) throw new Error("no field");
  expect(field.value).toBe("ada");
  for (const [text, owner] of [["a", "a"], ["", ""], ["b", "b"], ["ada", ""]] as const) {
    await act(() => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    expect([field.value, draft.owner], text).toEqual([text, owner]);
  }
});
