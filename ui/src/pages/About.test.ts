import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";

import App from "../App.svelte";
import { Rust } from "../test/rust";

let rust: Rust;
let user: ReturnType<typeof userEvent.setup>;

beforeEach(() => {
  rust = new Rust();
  rust.opensAt = "about";
  user = userEvent.setup();
});

async function openAbout() {
  render(App);
  await screen.findByRole("heading", { level: 1, name: "About" });
}

describe("the about page", () => {
  test("says what runs, on what, and under which licence", async () => {
    await openAbout();
    expect(await screen.findByText("Version 0.1.0")).toBeVisible();
    expect(screen.getByText("Debug, commit 44b6c7d")).toBeVisible();
    expect(screen.getByText("Debian GNU/Linux 12 · x86_64")).toBeVisible();
    expect(screen.getByText("WebKitGTK 2.50.6")).toBeVisible();
    expect(screen.queryByText("Desktop")).toBeNull();
    expect(screen.getByText(/MIT licence/)).toBeVisible();
  });

  test("opens its folders, and says why when it cannot", async () => {
    await openAbout();
    await user.click(await screen.findByRole("button", { name: "Open the folder: Logs" }));
    expect(rust.asked.at(-1)).toEqual({ name: "place_open", payload: { name: "logs" } });

    rust.refuses("place_open", "no_file_browser", "There is no file browser.");
    await user.click(screen.getByRole("button", { name: "Open the folder: Settings" }));
    expect(await screen.findByText("There is no file browser.")).toBeVisible();
  });

  test("says so when Rust cannot tell", async () => {
    rust.refuses("about", "internal", "The version is unknown.");
    await openAbout();
    expect(await screen.findByText("The version is unknown.")).toBeVisible();
  });
});

describe("copying the diagnostics", () => {
  test("puts them on the clipboard and says so", async () => {
    await openAbout();
    await user.click(screen.getByRole("button", { name: "Copy diagnostics" }));
    expect(await screen.findByRole("button", { name: "Copied" })).toBeVisible();
    expect(rust.count("diagnostics_copy")).toBe(1);
  });

  test("shows the text to copy by hand when the clipboard refuses", async () => {
    rust.clipboardWorks = false;
    await openAbout();
    await user.click(screen.getByRole("button", { name: "Copy diagnostics" }));
    expect(await screen.findByText(/The clipboard refused/)).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Diagnostics as text" })).toHaveValue("Quoth 0.1.0");
    expect(screen.queryByRole("button", { name: "Copied" })).toBeNull();
  });

  test("says why when Rust has none", async () => {
    rust.refuses("diagnostics_copy", "internal", "The log folder is gone.");
    await openAbout();
    await user.click(screen.getByRole("button", { name: "Copy diagnostics" }));
    expect(await screen.findByText("The log folder is gone.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Copy diagnostics" })).toBeVisible();
  });
});
