import { expect, test } from "vitest";

import { NAVIGATION_AT_START, navigationAfter } from "./navigation";

test("the window opens on the history", () => {
  expect(NAVIGATION_AT_START.page).toBe("history");
});

test("a page chosen in the side bar leaves the focus there", () => {
  expect(navigationAfter(NAVIGATION_AT_START, { type: "chosen", page: "models" })).toEqual({
    page: "models",
    arrivals: 0,
  });
});

test("being sent to a page counts as an arrival, even to the one that is shown", () => {
  const once = navigationAfter(NAVIGATION_AT_START, { type: "sent_to", page: "about" });
  const twice = navigationAfter(once, { type: "sent_to", page: "about" });
  expect([once, twice]).toEqual([
    { page: "about", arrivals: 1 },
    { page: "about", arrivals: 2 },
  ]);
});
