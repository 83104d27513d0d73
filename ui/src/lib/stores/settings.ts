/**
 * The settings as the page shows them: what Rust last said, under the changes that are still on their way.
 * A change shows at once; if Rust refuses it, it disappears again and its setting says why.
 */
import type { Failure, SettingValue, Settings, SettingsView } from "../bridge";

/** A change that was sent to Rust and not yet answered. `change` is the number of its question. */
export interface PendingChange {
  readonly change: number;
  readonly value: SettingValue;
}

export interface SettingsState {
  /** What Rust last said; null until it has said anything. */
  readonly confirmed: SettingsView | null;
  /** Why Rust could not say it, when it could not. */
  readonly failure: Failure | null;
  /** Changes on their way, by the setting's dotted key. */
  readonly pending: Readonly<Record<string, PendingChange>>;
  /** The last refused change of each setting, until it is changed again. */
  readonly refused: Readonly<Record<string, Failure>>;
}

export type SettingsEvent =
  | { type: "told"; view: SettingsView }
  | { type: "load_failed"; failure: Failure }
  | { type: "change_sent"; key: string; value: SettingValue; change: number }
  | { type: "change_kept"; key: string; change: number; view: SettingsView }
  | { type: "change_refused"; key: string; change: number; failure: Failure };

export const SETTINGS_AT_START: SettingsState = {
  confirmed: null,
  failure: null,
  pending: {},
  refused: {},
};

export function settingsAfter(state: SettingsState, event: SettingsEvent): SettingsState {
  switch (event.type) {
    case "told":
      return { ...state, confirmed: event.view, failure: null };
    case "load_failed":
      return { ...state, failure: event.failure };
    case "change_sent":
      return {
        ...state,
        pending: { ...state.pending, [event.key]: { change: event.change, value: event.value } },
        refused: without(state.refused, event.key),
      };
    case "change_kept":
      return { ...settled(state, event.key, event.change), confirmed: event.view, failure: null };
    case "change_refused":
      // Only the newest change of a setting has a say: an older refusal is about a value nobody looks at.
      if (state.pending[event.key]?.change !== event.change) return state;
      return {
        ...settled(state, event.key, event.change),
        refused: { ...state.refused, [event.key]: event.failure },
      };
  }
}

/** The settings to show: the confirmed ones with the changes on their way laid over them. */
export function shownSettings(state: SettingsState): Settings | null {
  if (!state.confirmed) return null;
  let shown = state.confirmed.settings;
  for (const [key, { value }] of Object.entries(state.pending)) shown = withValue(shown, key, value);
  return shown;
}

/** A change that was answered is no longer on its way, unless a newer one took its place. */
function settled(state: SettingsState, key: string, change: number): SettingsState {
  if (state.pending[key]?.change !== change) return state;
  return { ...state, pending: without(state.pending, key) };
}

function withValue(settings: Settings, dottedKey: string, value: SettingValue): Settings {
  const [group, name] = dottedKey.split(".") as [keyof Settings, string];
  return { ...settings, [group]: { ...settings[group], [name]: value } };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
}
