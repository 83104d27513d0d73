/**
 * Quoth as this window sees it: the stores of all subjects, fed by Rust's answers and events. The window
 * holds no truth of its own; closing it loses nothing.
 */
import { getContext, setContext } from "svelte";

import { ask, commands, events, type Page, type PlaceName, type SettingValue } from "./bridge";
import { Newest } from "./newest";
import { Asked } from "./stores/asked.svelte";
import { Live } from "./stores/live.svelte";
import { NAVIGATION_AT_START, navigationAfter } from "./stores/navigation";
import { NOTICES_AT_START, noticesAfter } from "./stores/notices";
import { SETTINGS_AT_START, settingsAfter } from "./stores/settings";

/** How long the first paint is waited for: a window that is not yet shown may never be given a frame to paint in. */
const PAINT_DEADLINE_MS = 50;

export class Quoth {
  readonly settings = new Live(settingsAfter, SETTINGS_AT_START);
  readonly notices = new Live(noticesAfter, NOTICES_AT_START);
  readonly navigation = new Live(navigationAfter, NAVIGATION_AT_START);
  readonly status = new Asked(() => commands.status());
  readonly about = new Asked(() => commands.about());
  readonly autostart = new Asked(() => commands.autostartState());

  #settingsQuestions = new Newest();
  #noticesQuestions = new Newest();
  /** Changes of settings go one after another, so that their answers come in the order they were made. */
  #lastChange: Promise<unknown> = Promise.resolve();
  #stopListening: (() => void)[] = [];
  #left = false;

  /** Listens to Rust, asks for what there is to show, and returns when it is there or could not be had. */
  async start(): Promise<void> {
    // Listening comes first: what changes between the question and its answer must not be missed.
    await this.#listen();
    await Promise.all([this.loadSettings(), this.#loadNotices(), this.status.ask()]);
  }

  /** Tells Rust that the window shows something; Rust answers with the page it was opened for, if any. */
  async announceReady(): Promise<void> {
    await painted();
    const asked = await ask(() => commands.pageReady());
    if (asked.status === "ok" && asked.data) this.navigation.tell({ type: "sent_to", page: asked.data });
  }

  /** Stops listening. Nothing that is answered from now on matters. */
  stop(): void {
    this.#left = true;
    this.#settingsQuestions.cancel();
    this.#noticesQuestions.cancel();
    for (const stop of this.#stopListening.splice(0)) stop();
  }

  /** Goes to a page from the side bar. */
  choose(page: Page): void {
    this.navigation.tell({ type: "chosen", page });
  }

  /** Goes to a page from elsewhere; the focus goes along. */
  sendTo(page: Page): void {
    this.navigation.tell({ type: "sent_to", page });
  }

  /** Asks Rust for the settings. */
  async loadSettings(): Promise<void> {
    const question = this.#settingsQuestions.ask();
    const answer = await ask(() => commands.settingsGet());
    if (!question.accepts()) return;
    if (answer.status === "ok") this.settings.tell({ type: "told", view: answer.data });
    else this.settings.tell({ type: "load_failed", failure: answer.error });
  }

  /** Changes a setting: shown at once, taken back if Rust refuses it. */
  async changeSetting(key: string, value: SettingValue): Promise<void> {
    const change = this.#settingsQuestions.ask().gen;
    this.settings.tell({ type: "change_sent", key, value, change });
    const answered = this.#lastChange.then(() => ask(() => commands.settingsSet(key, value)));
    this.#lastChange = answered;
    const answer = await answered;
    if (this.#left) return;
    if (answer.status === "ok") {
      this.settings.tell({ type: "change_kept", key, change, view: answer.data });
    } else {
      this.settings.tell({ type: "change_refused", key, change, failure: answer.error });
    }
    if (key === "general.start_at_login") await this.autostart.ask();
  }

  /** Takes a notice off the stack, here and in Rust. */
  async dismiss(id: number): Promise<void> {
    const question = this.#noticesQuestions.ask();
    this.notices.tell({ type: "dismiss_sent", id });
    const answer = await ask(() => commands.noticeDismiss(id));
    if (this.#left) return;
    if (answer.status === "error") {
      this.notices.tell({ type: "dismiss_failed", id, failure: answer.error });
    } else {
      // An overtaken list is too old to show, but the dismissal itself still happened.
      const notices = question.accepts() ? answer.data : this.notices.now.told;
      this.notices.tell({ type: "dismissed", id, notices });
    }
  }

  /** Opens one of Quoth's folders in the file browser. */
  openPlace(name: PlaceName) {
    return ask(() => commands.placeOpen(name));
  }

  /** Puts the redacted text for a fault report on the clipboard. */
  copyDiagnostics() {
    return ask(() => commands.diagnosticsCopy());
  }

  async #loadNotices(): Promise<void> {
    const question = this.#noticesQuestions.ask();
    const answer = await ask(() => commands.notices());
    if (question.accepts() && answer.status === "ok") {
      this.notices.tell({ type: "told", notices: answer.data });
    }
  }

  async #listen(): Promise<void> {
    const listening = await Promise.allSettled([
      events.settingsChanged.listen(({ payload }) => {
        this.#settingsQuestions.cancel();
        this.settings.tell({ type: "told", view: payload });
      }),
      events.noticesChanged.listen(({ payload }) => {
        this.#noticesQuestions.cancel();
        this.notices.tell({ type: "told", notices: payload });
      }),
      events.navigate.listen(({ payload }) => this.sendTo(payload)),
    ]);
    for (const result of listening) {
      if (result.status === "fulfilled") this.#stopListening.push(result.value);
    }
    if (this.#left) this.stop();
  }
}

const KEY = Symbol("quoth");

/** Makes Quoth known to all components below this one. */
export function provideQuoth(quoth: Quoth): Quoth {
  return setContext(KEY, quoth);
}

/** The Quoth this component belongs to. */
export function useQuoth(): Quoth {
  return getContext<Quoth>(KEY);
}

function painted(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    setTimeout(resolve, PAINT_DEADLINE_MS);
  });
}
