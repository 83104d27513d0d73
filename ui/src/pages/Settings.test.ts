import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";

import App from "../App.svelte";
import { byHand, Rust, settingsView } from "../test/rust";

let rust: Rust;
let user: ReturnType<typeof userEvent.setup>;

beforeEach(() => {
  rust = new Rust();
  rust.opensAt = "settings";
  user = userEvent.setup();
});

async function openSettings() {
  render(App);
  await screen.findByRole("heading", { level: 1, name: "Settings" });
  await waitFor(() => expect(rust.count("autostart_state")).toBe(1));
}

const changes = () => rust.asked.filter(({ name }) => name === "settings_set").map(({ payload }) => payload);

describe("the settings page", () => {
  test("shows what is set and where it is kept", async () => {
    await openSettings();
    expect(screen.getByLabelText("Language")).toHaveDisplayValue("English");
    expect(screen.getByRole("switch", { name: "Start at login" })).not.toBeChecked();
    expect(screen.getByRole("switch", { name: "Open the window at start" })).toBeChecked();
    expect(within(screen.getByRole("radiogroup", { name: "Theme" })).getByLabelText("System")).toBeChecked();
    expect(screen.getByLabelText("Level of detail")).toHaveDisplayValue("Normal");
    expect(screen.getByLabelText("Size of a log file")).toHaveValue(10);
    expect(screen.getByText("/home/ada/.config/quoth/quoth.toml")).toBeVisible();
  });

  test("sends every setting under its key, with its kind of value", async () => {
    await openSettings();
    await user.click(screen.getByRole("switch", { name: "Start at login" }));
    await user.click(screen.getByRole("switch", { name: "Open the window at start" }));
    await user.click(screen.getByLabelText("Dark"));
    await user.selectOptions(screen.getByLabelText("Level of detail"), "Everything");
    await user.clear(screen.getByLabelText("Size of a log file"));
    await user.type(screen.getByLabelText("Size of a log file"), "25");
    await user.selectOptions(screen.getByLabelText("Language"), "Deutsch");
    await waitFor(() =>
      expect(changes()).toEqual([
        { key: "general.start_at_login", value: true },
        { key: "general.open_window_at_start", value: false },
        { key: "appearance.theme", value: "dark" },
        { key: "log.level", value: "debug" },
        { key: "log.max_megabytes", value: 25 },
        { key: "general.language", value: "de" },
      ]),
    );
    expect(await screen.findByRole("heading", { level: 1, name: "Einstellungen" })).toBeVisible();
  });

  test("shows a change before Rust has answered", async () => {
    rust.answers("settings_set", () => new Promise(() => {}));
    await openSettings();
    await user.click(screen.getByLabelText("Dark"));
    expect(screen.getByLabelText("Dark")).toBeChecked();
    expect(document.documentElement.dataset.theme).toBe("dark");
  });

  test("takes a refused change back, says why beside it, and forgets that at the next change", async () => {
    rust.refuses("settings_set", "settings_read_only", "The folder cannot be written to.");
    await openSettings();
    const atStart = screen.getByRole("switch", { name: "Open the window at start" });
    await user.click(atStart);

    const words = await screen.findByText("This was not changed. The folder cannot be written to.");
    expect(atStart).toBeChecked();
    expect(words.closest("[role=alert]")).not.toBeNull();
    expect(atStart).toHaveAccessibleDescription(/The folder cannot be written to/);

    rust.answers("settings_set", settingsView());
    await user.click(atStart);
    await waitFor(() => expect(words).not.toBeInTheDocument());
  });

  test("puts a refused theme and a refused number back as well", async () => {
    rust.refuses("settings_set", "settings_read_only", "No.");
    await openSettings();
    await user.click(screen.getByLabelText("Dark"));
    await user.clear(screen.getByLabelText("Size of a log file"));
    await user.type(screen.getByLabelText("Size of a log file"), "25");
    await user.tab();
    await waitFor(() => expect(screen.getAllByText(/This was not changed/)).toHaveLength(2));
    expect(screen.getByLabelText("System")).toBeChecked();
    expect(document.documentElement.dataset.theme).toBeUndefined();
    expect(screen.getByLabelText("Size of a log file")).toHaveValue(10);
  });

  test("sends changes one after another and ends on the last, however fast they come", async () => {
    const answers = [byHand<unknown>(), byHand<unknown>()];
    let sent = 0;
    rust.answers("settings_set", () => answers[sent++]?.promise);
    await openSettings();
    await user.click(screen.getByLabelText("Dark"));
    await user.click(screen.getByLabelText("Light"));
    expect(changes()).toHaveLength(1);

    const dark = settingsView();
    dark.settings.appearance.theme = "dark";
    answers[0]?.keep(dark);
    await waitFor(() => expect(changes()).toHaveLength(2));
    expect(screen.getByLabelText("Light")).toBeChecked();

    const light = settingsView();
    light.settings.appearance.theme = "light";
    answers[1]?.keep(light);
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe("light"));
    expect(screen.getByLabelText("Light")).toBeChecked();
  });

  test("drops a late first answer once the file's newer content has arrived", async () => {
    const late = byHand<unknown>();
    rust.answers("settings_get", () => late.promise);
    render(App);
    await waitFor(() => expect(rust.count("settings_get")).toBe(1));
    const edited = settingsView();
    edited.settings.log.max_megabytes = 42;
    await rust.tell("settings-changed", edited);
    late.keep(settingsView());
    expect(await screen.findByLabelText("Size of a log file")).toHaveValue(42);
  });

  test("never hands on a size out of bounds", async () => {
    await openSettings();
    const size = screen.getByLabelText("Size of a log file");
    for (const wrong of ["0", "101", "2.5", ""]) {
      await user.clear(size);
      if (wrong) await user.type(size, wrong);
      await user.tab();
      expect(await screen.findByText("Enter a whole number from 1 to 100.")).toBeVisible();
      expect(size).toBeInvalid();
    }
    await user.clear(size);
    await user.type(size, "100");
    await user.tab();
    await waitFor(() => expect(changes()).toEqual([{ key: "log.max_megabytes", value: 100 }]));
    expect(size).not.toBeInvalid();
    expect(screen.queryByText(/Enter a whole number/)).toBeNull();
  });
});

describe("start at login", () => {
  test("shows the system's own problem", async () => {
    rust.answers("autostart_state", {
      supported: true,
      enabled: false,
      problem: "autostart is not a folder",
    });
    await openSettings();
    expect(await screen.findByText("autostart is not a folder")).toBeVisible();
  });

  test("cannot be switched on where the system has no such thing", async () => {
    rust.answers("autostart_state", { supported: false, enabled: false, problem: null });
    await openSettings();
    expect(await screen.findByText(/offers no way/)).toBeVisible();
    expect(screen.getByRole("switch", { name: "Start at login" })).toBeDisabled();
  });

  test("says so when the system does otherwise, and looks again after a change", async () => {
    rust.view.settings.general.start_at_login = true;
    rust.answers("autostart_state", { supported: true, enabled: false, problem: null });
    await openSettings();
    expect(await screen.findByText(/not have Quoth on its list/)).toBeVisible();
    await user.click(screen.getByRole("switch", { name: "Start at login" }));
    await waitFor(() => expect(rust.count("autostart_state")).toBe(2));
    await waitFor(() => expect(screen.queryByText(/not have Quoth on its list/)).toBeNull());
  });
});

describe("problems of the settings file", () => {
  test("stand on top in words, with key, line and what Rust found, and a way to the file", async () => {
    rust.view.problems = [
      { kind: "wrong_value", key: "log.level", line: 12, message: 'It is "loud".' },
      { kind: "unknown_key", key: "general.colour", line: null, message: "No such setting." },
    ];
    rust.refuses("place_open", "no_file_browser", "There is no file browser.");
    await openSettings();
    const problems = screen.getByRole("region", { name: "There are 2 problems in the settings file" });
    const [wrong, unknown] = within(problems).getAllByRole("listitem");
    expect(wrong).toHaveTextContent(/log\.level\s*line 12\s*It is "loud"/);
    expect(unknown).toHaveTextContent(/general\.colour\s*No such setting/);
    expect(unknown).not.toHaveTextContent("line");
    expect(within(problems).getByText("Everything else in the file is in use.")).toBeVisible();

    await user.click(within(problems).getByRole("button", { name: "Open settings folder" }));
    expect(rust.asked.at(-1)).toEqual({ name: "place_open", payload: { name: "settings" } });
    expect(await within(problems).findByText("There is no file browser.")).toBeVisible();
  });

  test("do not claim that the rest is in use when nothing could be read, and go when mended", async () => {
    rust.view.problems = [{ kind: "unreadable", key: null, line: 3, message: "Expected a value." }];
    await openSettings();
    expect(screen.getByText("Expected a value.")).toBeVisible();
    expect(screen.queryByText("Everything else in the file is in use.")).toBeNull();

    await rust.tell("settings-changed", settingsView());
    await waitFor(() => expect(screen.queryByText("Expected a value.")).toBeNull());
  });

  test("are told in the user's language too, though Rust speaks English", async () => {
    rust.view.settings.general.language = "de";
    rust.view.problems = [{ kind: "wrong_value", key: "log.level", line: 12, message: 'It is "loud".' }];
    render(App);
    const problems = await screen.findByRole("region", { name: "In der Einstellungsdatei ist ein Fehler" });
    expect(problems).toHaveTextContent(/log\.level\s*Zeile 12.*Stattdessen gilt die Vorgabe.*It is "loud"/);
  });
});
