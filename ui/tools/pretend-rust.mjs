/**
 * A made-up Rust for the screenshots. It runs inside the page before anything else, so it must not use
 * anything from outside itself.
 */
export function pretendRust({ page, theme, language = "en", trouble = false, dead = false }) {
  // As the app does (`freezePrototype`).
  Object.freeze(Object.prototype);
  const HOME = "/home/ada/.config/quoth";
  const at = Date.parse("2026-11-21T14:31:00+01:00");
  const settings = {
    general: { language, start_at_login: trouble, open_window_at_start: true },
    appearance: { theme },
    log: { level: "info", max_megabytes: 10 },
  };
  const problems = [
    {
      kind: "wrong_value",
      key: "log.level",
      line: 12,
      message:
        'Settings, line 12: log.level cannot be "loud". "info" is used instead. Allowed: "error", "warn", "info", "debug".',
    },
    {
      kind: "unknown_key",
      key: "general.colour",
      line: 4,
      message: 'Settings, line 4: there is no setting "general.colour"; it is left in the file.',
    },
  ];
  let notices = trouble
    ? [
        {
          id: 1,
          code: "settings_wrong_value",
          level: "warning",
          message: problems[0].message,
          at: at - 60_000,
        },
        {
          id: 2,
          code: "panic",
          level: "error",
          message: "index out of bounds at crates/app/src/about.rs:88",
          at,
        },
        {
          id: 3,
          code: "settings_unknown_key",
          level: "warning",
          message: problems[1].message,
          at: at - 86_400_000,
        },
        { id: 4, code: "tip", level: "info", message: "Quoth keeps running in the tray.", at },
      ]
    : [];
  const view = () => ({ settings, problems: trouble ? problems : [], path: `${HOME}/quoth.toml` });
  const commands = {
    settings_get: view,
    settings_set: ({ key, value }) => {
      if (trouble)
        throw {
          code: "settings_not_saved",
          message: `The settings could not be saved to ${HOME}/quoth.toml: Read-only file system. Check that you may read and write this file and its folder, then try again.`,
        };
      const [group, name] = key.split(".");
      settings[group][name] = value;
      return view();
    },
    about: () => ({
      version: "0.1.0",
      commit: "44b6c7d",
      build: "debug",
      os: "Debian GNU/Linux 12 (bookworm)",
      arch: "x86_64",
      desktop: "XFCE on X11",
      webview: "WebKitGTK 2.50.6",
      places: [
        { name: "settings", path: HOME },
        { name: "data", path: "/home/ada/.local/share/quoth" },
        { name: "logs", path: "/home/ada/.local/state/quoth/logs" },
      ],
    }),
    diagnostics_copy: () => ({
      text: "Quoth 0.1.0 (debug, 44b6c7d)\nDebian GNU/Linux 12 (bookworm), x86_64\nsettings: 2 problems",
      copied: true,
    }),
    place_open: () => {
      if (trouble) throw { code: "no_file_browser", message: "No program is set up to open folders." };
      return null;
    },
    status: () => ({
      version: "0.1.0",
      pid: 4711,
      uptime_ms: 60_000,
      window_open: true,
      activity: "idle",
      blocked_by: "no_engine",
      settings_problems: trouble ? 2 : 0,
      notices: notices.length,
    }),
    notices: () => notices,
    notice_dismiss: ({ id }) => (notices = notices.filter((notice) => notice.id !== id)),
    page_ready: () => {
      setTimeout(() => (globalThis.__pageReady = true));
      return page === "history" ? null : page;
    },
    autostart_state: () => ({ supported: true, enabled: false, problem: null }),
    "plugin:event|listen": () => 1,
    "plugin:event|unlisten": () => null,
  };
  if (trouble) {
    // As a web view does that keeps pages off the clipboard.
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: () => Promise.reject(new Error()) },
    });
    document.execCommand = () => false;
  }
  if (!trouble)
    Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.resolve() } });
  globalThis.__TAURI_EVENT_PLUGIN_INTERNALS__ = { unregisterListener: () => {} };
  globalThis.__TAURI_INTERNALS__ = {
    metadata: { currentWindow: { label: "main" }, currentWebview: { label: "main" } },
    transformCallback: () => 1,
    invoke: async (name, payload) => {
      if (dead && name !== "page_ready" && !name.startsWith("plugin:")) throw `command ${name} not found`;
      return commands[name](payload);
    },
  };
}
