/** Which page is shown, and whether the keyboard should go there with it. */
import type { Page } from "../bridge";

/** All pages in the order of the side bar; their number keys follow it. */
export const PAGES = [
  "history",
  "projects",
  "dictionary",
  "models",
  "settings",
  "about",
] as const satisfies readonly Page[];

export interface NavigationState {
  readonly page: Page;
  /**
   * Counts the times the page was changed from elsewhere than the side bar (a shortcut, the tray, the command
   * line). Each moves the focus to the page's heading; a click in the side bar leaves it there.
   */
  readonly arrivals: number;
}

export type NavigationEvent = { type: "chosen"; page: Page } | { type: "sent_to"; page: Page };

export const NAVIGATION_AT_START: NavigationState = { page: "history", arrivals: 0 };

export function navigationAfter(state: NavigationState, event: NavigationEvent): NavigationState {
  switch (event.type) {
    case "chosen":
      return state.page === event.page ? state : { ...state, page: event.page };
    case "sent_to":
      return { page: event.page, arrivals: state.arrivals + 1 };
  }
}
