import { describe, expect, test } from "vitest";

import { settingsView } from "../../test/rust";
import { SETTINGS_AT_START, settingsAfter, shownSettings, type SettingsEvent } from "./settings";

const DARK = settingsView({ settings: { ...settingsView().settings, appearance: { theme: "dark" } } });
const REFUSED = { code: "settings_read_only", message: "The folder cannot be written to." };

function after(...events: SettingsEvent[]) {
  return events.reduce(settingsAfter, SETTINGS_AT_START);
}

const told: SettingsEvent = { type: "told", view: settingsView() };
const sent = (value: string, change: number): SettingsEvent => ({
  type: "change_sent",
  key: "appearance.theme",
  value,
  change,
});
const kept = (change: number, view = DARK): SettingsEvent => ({
  type: "change_kept",
  key: "appearance.theme",
  change,
  view,
});
const refused = (change: number): SettingsEvent => ({
  type: "change_refused",
  key: "appearance.theme",
  change,
  failure: REFUSED,
});

describe("the settings", () => {
  test("show nothing before Rust said anything", () => {
    expect(shownSettings(SETTINGS_AT_START)).toBeNull();
  });

  test("show a change before Rust confirmed it, and leave the confirmed ones alone", () => {
    const state = after(told, sent("dark", 1));
    expect(shownSettings(state)?.appearance.theme).toBe("dark");
    expect(shownSettings(state)?.general).toEqual(settingsView().settings.general);
    expect(state.confirmed?.settings.appearance.theme).toBe("system");
  });

  test("take a refused change back and keep the reason", () => {
    const state = after(told, sent("dark", 1), refused(1));
    expect(shownSettings(state)?.appearance.theme).toBe("system");
    expect(state.refused["appearance.theme"]).toEqual(REFUSED);
    expect(state.pending).toEqual({});
  });

  test("forget the reason when the setting is changed again", () => {
    expect(after(told, sent("dark", 1), refused(1), sent("light", 2)).refused).toEqual({});
  });

  test("follow what Rust made of a change", () => {
    const state = after(told, sent("dark", 1), kept(1));
    expect(state.confirmed).toEqual(DARK);
    expect(state.pending).toEqual({});
  });

  test("keep showing the newer of two changes when the older is answered", () => {
    const state = after(told, sent("dark", 1), sent("light", 2), kept(1));
    expect(shownSettings(state)?.appearance.theme).toBe("light");
  });

  test("do not complain about an older change that was refused", () => {
    const state = after(told, sent("dark", 1), sent("light", 2), refused(1));
    expect(state.refused).toEqual({});
    expect(shownSettings(state)?.appearance.theme).toBe("light");
  });

  test("take the file's new content but not over a change that is on its way", () => {
    const edited = settingsView();
    edited.settings.log.level = "debug";
    const state = after(told, sent("dark", 1), { type: "told", view: edited });
    expect(shownSettings(state)?.log.level).toBe("debug");
    expect(shownSettings(state)?.appearance.theme).toBe("dark");
  });

  test("recover from not having been readable", () => {
    const failed = after({ type: "load_failed", failure: REFUSED });
    expect(failed.failure).toEqual(REFUSED);
    expect(settingsAfter(failed, told).failure).toBeNull();
  });
});
