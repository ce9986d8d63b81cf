import { useEffect } from "react";

const settles = 50; // milliseconds; menus give the focus back later than they go

/** What has or had the focus, and the elements around it, the nearest first, each with its place among its siblings. */
let way: readonly { element: Element; index: number }[] = [];
let before: Element | undefined; // what had the focus before a message, which is beside the page
let arrived: Element | null = null; // the page, or its heading, that got the focus of a page that was left

/** Whether an element is no longer there to be seen: removed, or in a part of the page that was closed. */
function isGone(element: Element): boolean {
  return !element.isConnected || !element.checkVisibility({ visibilityProperty: true });
}

function isMessage(element: Element): boolean {
  return element.closest(".toast") !== null;
}

function remember({ target }: FocusEvent): void {
  const passed: { element: Element; index: number }[] = [];
  for (let at = target instanceof Element ? target : null; at !== null && at !== document.body; at = at.parentElement) {
    passed.push({ element: at, index: [...(at.parentElement?.children ?? [])].indexOf(at) });
  }
  way = passed;
  const [had] = passed;
  if (had !== undefined && !isMessage(had.element)) before = had.element;
}

/** Forgets an element that the user has left for none, as by a click beside it. Some browsers say the same of one that is removed. */
function leave({ target, relatedTarget }: FocusEvent): void {
  if (relatedTarget !== null) return;
  setTimeout(() => {
    const had = way[0]?.element;
    if (had === target && had !== undefined && !isGone(had) && !had.matches(":disabled") && document.activeElement === document.body) way = [];
  });
}

/** Gives an element the focus, also if it is none that takes it by itself, and returns whether it has it. */
function focus(element: Element | null | undefined): boolean {
  if (!(element instanceof HTMLElement)) return false;
  element.focus({ preventScroll: true });
  if (document.activeElement !== element && !element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    if (document.activeElement === element) element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
    else element.removeAttribute("tabindex");
  }
  return document.activeElement === element;
}

/** Gives the focus back. Without it, keys do nothing, and screen readers begin at the top of the page. */
function restore(): void {
  const had = way[0]?.element;
  if (document.activeElement !== document.body || had === undefined) return;
  if (!isGone(had)) {
    if (had instanceof HTMLElement) had.focus({ preventScroll: true }); // it was disabled while something was under way
    return;
  }
  const left = way.findIndex(({ element }) => !isGone(element));
  const around = way[left]?.element;
  const main = document.getElementById("main");
  const page = main?.querySelector("h1") ?? main;
  const ofMessage = isMessage(had);
  // Best is the list that it was part of, which has keys of its own; then what took its place; then the dialog or the page.
  const list = around?.closest("[tabindex='0']") ?? around?.closest("[role=tree]")?.querySelector("[tabindex='0']");
  const ofDialog = way.slice(0, left).some(({ element }) => element instanceof HTMLDialogElement);
  const next = around === main || ofDialog || ofMessage ? undefined : around?.children[Math.min(way[left - 1]?.index ?? 0, around.children.length - 1)];
  const dialog = [...document.querySelectorAll("dialog[open] > .dialog-body")].at(-1);
  const to = [ofMessage && before !== undefined && !isGone(before) ? before : undefined, list, next, dialog, page, main].find(focus);
  arrived = to === page || to === main ? document.activeElement : null;
}

/**
 * Gives the focus to an element that comes later than the page that it is part of, if the user was led there by something that had the focus, and has gone to
 * nothing else meanwhile.
 */
export function takeFocus(element: HTMLElement | null): void {
  const lost = document.activeElement === document.body && way[0] !== undefined && isGone(way[0].element);
  if (lost || (arrived !== null && document.activeElement === arrived)) element?.focus({ preventScroll: true });
}

/** Gives the focus on to the heading of a page that was led to, which comes only with what the page shows. */
function pass(heading: Element | null): void {
  if (focus(heading)) arrived = heading;
}

/** Keeps the focus in the page when the element that has it is removed, as a row that is deleted or a page that is left, or is disabled for a while. */
export function useFocusKept(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new MutationObserver(() => {
      if (document.activeElement === arrived && arrived?.id === "main") pass(arrived.querySelector("h1"));
      if (document.activeElement !== document.body || way.length === 0) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        restore();
      }, settles);
    });
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
    document.addEventListener("focusin", remember);
    document.addEventListener("focusout", leave);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener("focusin", remember);
      document.removeEventListener("focusout", leave);
    };
  }, []);
}
