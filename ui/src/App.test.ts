import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";

import App from "./App.svelte";
import { PAGES } from "./lib/stores/navigation";
import { Rust } from "./test/rust";

let rust: Rust;
let user: ReturnType<typeof userEvent.setup>;

beforeEach(() => {
  rust = new Rust();
  user = userEvent.setup();
});

async function open() {
  render(App);
  await screen.findByRole("navigation");
  await waitFor(() => expect(rust.count("page_ready")).toBe(1));
}

const heading = () => screen.getByRole("heading", { level: 1 });
const navItem = (name: string) =>
  within(screen.getByRole("navigation")).getByRole("button", { name: new RegExp(`^${name}`) });

describe("the window", () => {
  test("opens on an empty history that says what is missing, and tells Rust it is ready", async () => {
    await open();
    expect(heading()).toHaveTextContent("History");
    expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent("No dictations yet");
    expect(screen.getByText(/needs a speech engine/)).toBeVisible();
    expect(screen.getByText("No speech engine yet")).toBeVisible();
    expect(navItem("History")).toHaveAttribute("aria-current", "page");
    expect(document.title).toBe("History – Quoth");
  });

  test("says nothing of a missing engine when there is none missing", async () => {
    rust.answers("status", { blocked_by: null, activity: "idle" });
    await open();
    expect(screen.queryByText(/needs a speech engine/)).toBeNull();
    expect(screen.getByText("Ready")).toBeVisible();
  });

  test("opens on the page Rust was asked for, with the focus on its heading", async () => {
    rust.opensAt = "about";
    await open();
    await waitFor(() => expect(heading()).toHaveTextContent("About"));
    await waitFor(() => expect(heading()).toHaveFocus());
  });

  test("goes where Rust sends it", async () => {
    await open();
    await rust.tell("navigate", "models");
    await waitFor(() => expect(heading()).toHaveTextContent("Models"));
    await waitFor(() => expect(heading()).toHaveFocus());
  });

  test("has every page, each with one heading and none with a button that does nothing", async () => {
    await open();
    const names = { history: "History", projects: "Projects", dictionary: "Dictionary", models: "Models" };
    for (const [page, name] of Object.entries(names)) {
      await user.click(navItem(name));
      expect(heading()).toHaveTextContent(name);
      expect(screen.getByRole("heading", { level: 2 })).toHaveTextContent(/^No .* yet$/);
      expect(within(screen.getByRole("main")).queryAllByRole("button")).toEqual([]);
      expect(navItem(name)).toHaveAttribute("aria-current", "page");
      expect(PAGES).toContain(page);
    }
    expect(screen.getAllByRole("button", { current: "page" })).toHaveLength(1);
  });

  test("is still there, and says so, when Rust does not answer", async () => {
    for (const name of ["settings_get", "notices", "status"]) {
      rust.answers(name, () => {
        throw `command ${name} not found`;
      });
    }
    await open();
    await user.click(navItem("Settings"));
    expect(screen.getByText("The settings could not be read.")).toBeVisible();
    expect(screen.getByText(/Quoth did not answer/)).toBeVisible();

    rust.answers("settings_get", rust.view);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByLabelText("Language")).toBeVisible();
  });
});

describe("the keyboard", () => {
  test("finds the skip link first, which leads past the side bar", async () => {
    await open();
    await user.tab();
    const skip = screen.getByRole("link", { name: "Skip to the page" });
    expect(skip).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("main")).toHaveFocus();
  });

  test("walks along the side bar by arrows, round its ends, and opens a page by Enter", async () => {
    await open();
    await user.tab();
    await user.tab();
    expect(navItem("History")).toHaveFocus();
    await user.keyboard("{ArrowDown}");
    expect(navItem("Projects")).toHaveFocus();
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(navItem("About")).toHaveFocus();
    await user.keyboard("{Home}");
    expect(navItem("History")).toHaveFocus();
    await user.keyboard("{End}{ArrowUp}{Enter}");
    expect(heading()).toHaveTextContent("Settings");
    expect(navItem("Settings")).toHaveFocus();
  });

  test("reaches every page by Ctrl and its number, and Settings by Ctrl and comma; the focus goes along", async () => {
    await open();
    const reached = [];
    for (const digit of [6, 5, 4, 3, 2, 1]) {
      await user.keyboard(`{Control>}[Digit${digit}]{/Control}`);
      await waitFor(() => expect(heading()).toHaveFocus());
      reached.push(heading().textContent);
    }
    expect(reached).toEqual(["About", "Settings", "Models", "Dictionary", "Projects", "History"]);
    await user.keyboard("{Control>},{/Control}");
    expect(heading()).toHaveTextContent("Settings");
  });
});

describe("the theme and the language", () => {
  test("follow the settings, and a change of the file while the window is open", async () => {
    rust.view.settings.appearance.theme = "dark";
    await open();
    expect(document.documentElement.dataset.theme).toBe("dark");

    const edited = structuredClone(rust.view);
    edited.settings.appearance.theme = "system";
    edited.settings.general.language = "de";
    await rust.tell("settings-changed", edited);

    await waitFor(() => expect(heading()).toHaveTextContent("Verlauf"));
    expect(document.documentElement.dataset.theme).toBeUndefined();
    expect(document.documentElement.lang).toBe("de");
    expect(document.title).toBe("Verlauf – Quoth");
  });
});
