// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../api/client";
import { draftOf } from "./draft";
import { RenameField } from "./RenameField";

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A field for the new name b of a, beside another one, which gets the focus at the end if leads. The server's answer to a rename comes when come is called. */
async function field(leads = false) {
  let answer = (): void => undefined;
  const answered = new Promise<void>((done) => {
    answer = done;
  });
  vi.spyOn(api, "PUT").mockImplementation((() => answered.then(() => ({ data: {}, response: new Response(null, { status: 200 }) }))) as never);
  const ends: unknown[] = [];
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const draft = draftOf("/d", "a");
  const shown = (
    <QueryClientProvider client={new QueryClient()}>
      <RenameField
        draft={draft}
        onDone={(...end) => {
          ends.push(end);
          if (leads) place.querySelector<HTMLInputElement>("#other")?.focus();
        }}
      />
      <input id="other" />
    </QueryClientProvider>
  );
  await act(() => root.render(shown));
  const at = place.querySelector<HTMLInputElement>(".rename input");
  const other = place.querySelector<HTMLInputElement>("#other");
  if (at === null || other === null) throw new Error("no field");
  const type = () =>
    act(() => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(at, "b");
      at.dispatchEvent(new Event("input", { bubbles: true }));
    });
  await type();
  const enter = () => act(() => at.form?.requestSubmit());
  const go = () => act(() => other.focus());
  const escape = () => act(() => at.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })));
  const come = () => act(async () => answer());
  return { ends, enter, go, escape, come, remove: () => act(() => root.unmount()) };
}

test("who stays in the field until a name is changed is told of it as being there", async () => {
  const { ends, enter, come } = await field();
  await enter();
  expect(ends).toEqual([]);
  await come();
  await vi.waitFor(() => expect(ends).toEqual([["b", true]]));
});

test("an answer that comes when somebody is elsewhere says so, however the change was begun", async () => {
  for (const byEnter of [false, true]) {
    const { ends, enter, go, come } = await field();
    if (byEnter) await enter();
    await go();
    await come();
    await vi.waitFor(() => expect(ends).toEqual([["b", false]]));
  }
});

test("a field that goes with its entry, as the listing is read again, was not left", async () => {
  const removing = Node.prototype.removeChild;
  vi.spyOn(Node.prototype, "removeChild").mockImplementation(function (this: Node, child) {
    if (child.contains(document.activeElement)) (document.activeElement as HTMLElement).blur(); // as browsers do
    return removing.call(this, child) as never;
  });
  const { ends, enter, come, remove } = await field();
  await enter();
  await remove();
  await come();
  await vi.waitFor(() => expect(ends).toEqual([["b", true]]));
});

test("who leaves by Escape before there is an answer is told of nothing more", async () => {
  const { ends, enter, escape, come } = await field();
  await enter();
  await escape();
  await come();
  await vi.waitFor(() => expect(vi.mocked(api.PUT)).toHaveBeenCalledOnce());
  await act(() => new Promise((done) => setTimeout(done)));
  expect(ends).toEqual([[undefined, true]]);
});

test("who gives a name up by Escape renames nothing, though the focus goes back to the listing then", async () => {
  const { ends, escape, come } = await field(true);
  await escape();
  await come();
  expect(vi.mocked(api.PUT)).not.toHaveBeenCalled();
  expect(ends).toEqual([[undefined, true]]);
});
