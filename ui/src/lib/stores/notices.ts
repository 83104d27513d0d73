/** What the user must be told, until it is dismissed. Rust keeps the list; the page only hides what is leaving. */
import type { Failure, Notice } from "../bridge";

export interface NoticesState {
  /** Rust's list. */
  readonly told: readonly Notice[];
  /** Notices whose dismissal is on its way. */
  readonly leaving: readonly number[];
  /** Why a dismissal did not work, by the notice's id. */
  readonly stuck: Readonly<Record<number, Failure>>;
}

export type NoticesEvent =
  | { type: "told"; notices: readonly Notice[] }
  | { type: "dismiss_sent"; id: number }
  | { type: "dismissed"; id: number; notices: readonly Notice[] }
  | { type: "dismiss_failed"; id: number; failure: Failure };

export const NOTICES_AT_START: NoticesState = { told: [], leaving: [], stuck: {} };

export function noticesAfter(state: NoticesState, event: NoticesEvent): NoticesState {
  switch (event.type) {
    case "told":
      return { ...state, told: event.notices };
    case "dismiss_sent":
      return { ...state, leaving: [...state.leaving, event.id], stuck: unstuck(state, event.id) };
    case "dismissed":
      // The notice is taken out here too: the list was made before a slower dismissal may have been answered.
      return {
        ...state,
        told: event.notices.filter((notice) => notice.id !== event.id),
        leaving: state.leaving.filter((id) => id !== event.id),
      };
    case "dismiss_failed":
      return {
        ...state,
        leaving: state.leaving.filter((id) => id !== event.id),
        stuck: { ...state.stuck, [event.id]: event.failure },
      };
  }
}

const WEIGHT: Record<Notice["level"], number> = { error: 0, warning: 1, info: 2 };

/** The notices to show: the gravest first, and of equal ones the latest first. */
export function shownNotices(state: NoticesState): Notice[] {
  return state.told
    .filter((notice) => !state.leaving.includes(notice.id))
    .sort((a, b) => WEIGHT[a.level] - WEIGHT[b.level] || b.at - a.at || b.id - a.id);
}

/** Whether this notice is about the settings file, which the Settings page explains in full. */
export function isAboutSettings(notice: Notice): boolean {
  return notice.code.startsWith("settings_");
}

function unstuck(state: NoticesState, id: number): Readonly<Record<number, Failure>> {
  return Object.fromEntries(Object.entries(state.stuck).filter(([other]) => Number(other) !== id));
}
