import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";

import App from "../App.svelte";
import { byHand, notice, Rust } from "../test/rust";

const PANIC = notice({ id: 2, code: "panic", level: "error", message: "index out of bounds at about.rs:88" });
const WRONG = notice({
  id: 3,
  code: "settings_wrong_value",
  level: "warning",
  message: 'log.level is "loud".',
});

let rust: Rust;
let user: ReturnType<typeof userEvent.setup>;

beforeEach(() => {
  rust = new Rust();
  user = userEvent.setup();
});

const stack = () => screen.getByRole("region", { name: "Notices" });
const cards = () => within(stack()).queryAllByRole("article");

async function open() {
  render(App);
  await screen.findByRole("navigation");
}

describe("the notices", () => {
  test("are told calmly in words, errors as alerts and the rest as status", async () => {
    rust.notices = [notice(), PANIC];
    await open();
    const alert = within(stack()).getByRole("alert");
    expect(alert).toHaveTextContent(/It was contained and Quoth goes on.*index out of bounds/);
    // A code the page has no words for is told in Rust's.
    expect(within(stack()).getByRole("status")).toHaveTextContent("Something to know.");
  });

  test("appear and go as Rust says", async () => {
    await open();
    expect(cards()).toHaveLength(0);
    await rust.tell("notices-changed", [PANIC]);
    await waitFor(() => expect(cards()).toHaveLength(1));
    await rust.tell("notices-changed", []);
    await waitFor(() => expect(cards()).toHaveLength(0));
  });

  test("go at once when dismissed, in Rust too", async () => {
    rust.notices = [PANIC];
    const answer = byHand<unknown>();
    rust.answers("notice_dismiss", () => answer.promise);
    await open();
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(cards()).toHaveLength(0);
    expect(rust.asked.at(-1)).toEqual({ name: "notice_dismiss", payload: { id: 2 } });
    answer.keep([]);
    await waitFor(() => expect(cards()).toHaveLength(0));
  });

  test("come back with the reason when they cannot be dismissed", async () => {
    rust.notices = [PANIC];
    rust.refuses("notice_dismiss", "gone", "There is no such notice.");
    await open();
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(await screen.findByText("There is no such notice.")).toBeVisible();
  });

  test("beyond two wait behind a button", async () => {
    rust.notices = [PANIC, WRONG, notice({ id: 4 }), notice({ id: 5 })];
    await open();
    expect(cards()).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Show 2 more" }));
    expect(cards()).toHaveLength(4);
    await user.click(screen.getByRole("button", { name: "Show fewer" }));
    expect(cards()).toHaveLength(2);
  });

  test("about the settings file lead to Settings, where the page itself tells them", async () => {
    rust.notices = [PANIC, WRONG];
    await open();
    await user.click(screen.getByRole("button", { name: "See Settings" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
    expect(cards()).toHaveLength(1);
    expect(cards()[0]).toHaveTextContent(/contained/);
  });
});
