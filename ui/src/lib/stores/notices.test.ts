import { describe, expect, test } from "vitest";

import { notice } from "../../test/rust";
import { isAboutSettings, NOTICES_AT_START, noticesAfter, shownNotices, type NoticesEvent } from "./notices";

const TIP = notice({ id: 1 });
const PANIC = notice({ id: 2, code: "panic", level: "error", at: 500 });
const LATER = notice({ id: 3, at: 2_000 });

function shownAfter(...events: NoticesEvent[]) {
  return shownNotices(events.reduce(noticesAfter, NOTICES_AT_START)).map(({ id }) => id);
}

const told: NoticesEvent = { type: "told", notices: [TIP, PANIC, LATER] };

describe("the notices", () => {
  test("come gravest first, then latest first", () => {
    expect(shownAfter(told)).toEqual([2, 3, 1]);
  });

  test("leave at once when dismissed", () => {
    expect(shownAfter(told, { type: "dismiss_sent", id: 2 })).toEqual([3, 1]);
  });

  test("do not come back with a list that was made before the dismissal", () => {
    expect(shownAfter(told, { type: "dismiss_sent", id: 2 }, told)).toEqual([3, 1]);
    const overtaken: NoticesEvent = { type: "dismissed", id: 2, notices: [TIP, PANIC] };
    expect(shownAfter(told, { type: "dismiss_sent", id: 2 }, overtaken)).toEqual([1]);
  });

  test("come back with the reason when they could not be dismissed", () => {
    const failure = { code: "gone", message: "There is no such notice." };
    const events: NoticesEvent[] = [
      told,
      { type: "dismiss_sent", id: 2 },
      { type: "dismiss_failed", id: 2, failure },
    ];
    const state = events.reduce(noticesAfter, NOTICES_AT_START);
    expect(shownNotices(state)).toContainEqual(PANIC);
    expect(state.stuck[2]).toEqual(failure);
    expect(noticesAfter(state, { type: "dismiss_sent", id: 2 }).stuck).toEqual({});
  });

  test("are told apart by whether the Settings page explains them", () => {
    expect(isAboutSettings(notice({ code: "settings_wrong_value" }))).toBe(true);
    expect(isAboutSettings(PANIC)).toBe(false);
  });
});
