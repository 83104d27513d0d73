/** A Rust for tests: answers the page's commands from a state the test can see and change. */
import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";

import type { Notice, Page, SettingsView, SettingValue } from "../lib/bridge";

export function settingsView(change: Partial<SettingsView> = {}): SettingsView {
  return {
    settings: {
      general: { language: "en", start_at_login: false, open_window_at_start: true },
      appearance: { theme: "system" },
      log: { level: "info", max_megabytes: 10 },
    },
    problems: [],
    path: "/home/ada/.config/quoth/quoth.toml",
    ...change,
  };
}

export function notice(change: Partial<Notice> = {}): Notice {
  return { id: 1, code: "tip", level: "info", message: "Something to know.", at: 1_000, ...change };
}

/** A command's answer; a function is asked anew with the command's arguments, and may throw a failure. */
type Reply = unknown | ((payload: never) => unknown);

export class Rust {
  /** Every command the page sent, in order. */
  readonly asked: { name: string; payload: unknown }[] = [];
  view = settingsView();
  notices: Notice[] = [];
  opensAt: Page | null = null;
  clipboardWorks = true;
  #replies: Record<string, Reply> = {};

  constructor() {
    mockIPC(
      (name, payload) => {
        this.asked.push({ name, payload });
        const reply = name in this.#replies ? this.#replies[name] : this.#reply(name);
        return typeof reply === "function" ? reply(payload) : reply;
      },
      { shouldMockEvents: true },
    );
  }

  /** Answers this command so from now on. */
  answers(name: string, reply: Reply): void {
    this.#replies[name] = reply;
  }

  /** Refuses this command from now on. */
  refuses(name: string, code: string, message: string): void {
    this.#replies[name] = () => {
      throw { code, message };
    };
  }

  /** How often the page sent this command. */
  count(name: string): number {
    return this.asked.filter((command) => command.name === name).length;
  }

  /** Tells the page something unasked. */
  tell(event: "settings-changed" | "notices-changed" | "navigate", payload: unknown): Promise<void> {
    return emit(event, payload);
  }

  #reply(name: string): unknown {
    switch (name) {
      case "settings_get":
        return this.view;
      case "settings_set":
        return ({ key, value }: { key: string; value: SettingValue }) => {
          const [group, setting] = key.split(".") as ["general", "language"];
          const settings = structuredClone(this.view.settings);
          Object.assign(settings[group], { [setting]: value });
          return (this.view = { ...this.view, settings });
        };
      case "notices":
        return this.notices;
      case "notice_dismiss":
        return ({ id }: { id: number }) => (this.notices = this.notices.filter((told) => told.id !== id));
      case "status":
        return {
          version: "0.1.0",
          pid: 4711,
          uptime_ms: 1,
          window_open: true,
          activity: "idle",
          blocked_by: "no_engine",
          settings_problems: this.view.problems.length,
          notices: this.notices.length,
        };
      case "about":
        return {
          version: "0.1.0",
          commit: "44b6c7d",
          build: "debug",
          os: "Debian GNU/Linux 12",
          arch: "x86_64",
          desktop: null,
          webview: "WebKitGTK 2.50.6",
          places: [
            { name: "settings", path: "/home/ada/.config/quoth" },
            { name: "logs", path: "/home/ada/.local/state/quoth" },
          ],
        };
      case "diagnostics_copy":
        return { text: "Quoth 0.1.0", copied: this.clipboardWorks };
      case "place_open":
        return null;
      case "page_ready":
        return this.opensAt;
      case "autostart_state":
        return { supported: true, enabled: this.view.settings.general.start_at_login, problem: null };
      default:
        throw new Error(`the page asked for a command Rust does not have: ${name}`);
    }
  }
}

/** A promise that is kept by hand, to let answers come late and out of order. */
export function byHand<T>() {
  let keep!: (value: T) => void;
  let fail!: (reason: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    keep = resolve;
    fail = reject;
  });
  return { promise, keep, fail };
}
