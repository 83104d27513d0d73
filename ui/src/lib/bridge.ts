/**
 * The one door to Rust. The rest of the page takes commands, events and their types from here, and gets
 * every answer as data or as a failure: nothing is thrown.
 */
import { commands, events } from "./bindings";
import type { Failure } from "./bindings";

export { commands, events };
export type { About, Autostart, Failure, Notice, Page, SettingValue, SettingsView, Status } from "./bindings";

import type { About, SettingsView } from "./bindings";

/** All settings, as Rust last told them. */
export type Settings = SettingsView["settings"];
/** Something in the settings file that could not be used as it stands. */
export type SettingsProblem = SettingsView["problems"][number];
/** A folder of Quoth that can be opened in the file browser. */
export type PlaceName = About["places"][number]["name"];

/** What Rust said to a command. */
export type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: Failure };

/** The data of an answer. */
export type DataOf<C extends (...args: never[]) => Promise<unknown>> =
  Extract<Awaited<ReturnType<C>>, { status: "ok" }> extends { data: infer T } ? T : never;

/** Runs a command. A bridge that breaks (no Rust, a refused command) is a failure like any other. */
export async function ask<T>(command: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    const answer = await command();
    return answer.status === "ok" ? answer : { status: "error", error: failureFrom(answer.error) };
  } catch (thrown) {
    return { status: "error", error: failureFrom(thrown) };
  }
}

/** Whatever came back in place of an answer, as a failure. Tauri itself refuses with a bare string. */
function failureFrom(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return { code: String(thrown.code), message: String(thrown.message) };
  }
  return { code: "no_answer", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
