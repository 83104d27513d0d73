/** Keys that work anywhere in the window. Pure: told a key press, it answers with the page it leads to. */
import type { Page } from "./bridge";
import { PAGES } from "./stores/navigation";

/** What matters of a keyboard event. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Ctrl (Cmd on a Mac) with 1 to 6 leads to that page, with a comma to Settings; anything else leads nowhere. */
export function pageFor(press: Press, mac: boolean): Page | null {
  // With Alt it may be AltGr, which writes a character.
  const chord = mac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (!chord || press.altKey) return null;
  if (press.key === ",") return "settings";
  // By place on the keyboard as well: on some layouts the digits are written with Shift.
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1] ?? press.key;
  return /^[1-9]$/.test(digit) ? (PAGES[Number(digit) - 1] ?? null) : null;
}

/** The keys that lead to a page, as they are printed on the user's keyboard. */
export function keysFor(page: Page, mac: boolean): string {
  const digit = PAGES.indexOf(page) + 1;
  return mac ? `⌘${digit}` : `Ctrl+${digit}`;
}

/** The keys that lead to a page, in the form `aria-keyshortcuts` wants. */
export function ariaKeysFor(page: Page, mac: boolean): string {
  const chord = mac ? "Meta" : "Control";
  const digit = PAGES.indexOf(page) + 1;
  return page === "settings" ? `${chord}+${digit} ${chord}+,` : `${chord}+${digit}`;
}

/** Whether this is a Mac, whose chords use Cmd. */
export function onMac(): boolean {
  return /\bMac/.test(navigator.userAgent);
}
