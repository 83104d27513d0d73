/**
 * Takes a picture of every page: light and dark, narrow, ordinary and very wide, in both languages, with
 * and without trouble. The built page runs in Chromium under the app's content policy, with a made-up Rust
 * behind it. Fails when the page throws, logs an error or breaks the policy.
 *
 *   npm run shots            all of them, into target/ui-shots/
 *   npm run shots -- about   only those whose name contains "about"
 */
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";
import { preview } from "vite";

import { pretendRust } from "./pretend-rust.mjs";

const UI = fileURLToPath(new URL("..", import.meta.url));
const SHOTS = fileURLToPath(new URL("../../target/ui-shots/", import.meta.url));
const ONLY = process.argv[2] ?? "";

const PAGES = ["history", "projects", "dictionary", "models", "settings", "about"];
const SIZES = {
  usual: { width: 1100, height: 720 },
  narrow: { width: 480, height: 640 },
  wide: { width: 1800, height: 1000 },
};
const BROWSER = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Every picture: its name, what Rust pretends, and what is done on the page before it is taken. */
function* scenes() {
  for (const page of PAGES) {
    for (const theme of ["light", "dark"]) {
      for (const size of Object.keys(SIZES)) yield { name: `${page}-${theme}-${size}`, page, theme, size };
    }
    yield { name: `${page}-german`, page, theme: "light", size: "usual", language: "de" };
    yield { name: `${page}-german-narrow`, page, theme: "dark", size: "narrow", language: "de" };
  }
  for (const theme of ["light", "dark"]) {
    for (const size of ["usual", "narrow"]) {
      const trouble = { theme, size, trouble: true };
      yield { name: `trouble-history-${theme}-${size}`, page: "history", ...trouble };
      yield { name: `trouble-settings-${theme}-${size}`, page: "settings", ...trouble };
      yield { name: `trouble-refused-${theme}-${size}`, page: "settings", ...trouble, act: changeEverything };
      yield { name: `trouble-about-${theme}-${size}`, page: "about", ...trouble, act: openAndCopy };
    }
  }
  yield {
    name: "trouble-german",
    page: "settings",
    theme: "light",
    size: "usual",
    language: "de",
    trouble: true,
    act: changeEverything,
  };
  yield { name: "no-rust-settings", page: "settings", theme: "light", size: "usual", dead: true };
  yield { name: "keyboard-focus", page: "history", theme: "light", size: "usual", act: tabToProjects };
  yield {
    name: "keyboard-focus-dark-narrow",
    page: "history",
    theme: "dark",
    size: "narrow",
    act: tabToProjects,
  };
  yield {
    name: "keyboard-skip-link",
    page: "history",
    theme: "light",
    size: "usual",
    act: (page) => page.keyboard.press("Tab"),
  };
  yield { name: "keyboard-focus-settings", page: "settings", theme: "dark", size: "usual", act: tabToSwitch };
  yield { name: "copied", page: "about", theme: "light", size: "usual", act: openAndCopy };
  yield { name: "contrast-settings", page: "settings", theme: "light", size: "usual", contrast: "more" };
  yield {
    name: "forced-colours-settings",
    page: "settings",
    theme: "dark",
    size: "usual",
    forcedColors: "active",
  };
}

async function tabToProjects(page) {
  for (let presses = 0; presses < 2; presses++) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.waitForTimeout(200);
}

async function tabToSwitch(page) {
  await page.locator("#language-control").focus();
  await page.keyboard.press("Tab");
}

async function changeEverything(page) {
  await page.locator("#open-window-control").click();
  await page.locator("#log-level-control").selectOption("debug");
  await page.locator("#log-size-control").fill("500");
  await page.locator("#log-size-control").blur();
  await page.waitForTimeout(200);
}

async function openAndCopy(page) {
  await page.locator("main button:has-text('Open')").first().click();
  await page.locator("main button:has-text('diagnostics')").click();
  await page.waitForTimeout(200);
}

/** Takes one picture and answers with what went wrong on the way. */
async function shoot(browser, address, scene) {
  const complaints = [];
  const page = await browser.newPage({
    viewport: SIZES[scene.size],
    colorScheme: scene.theme,
    contrast: scene.contrast ?? "no-preference",
    forcedColors: scene.forcedColors ?? "none",
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  page.on("pageerror", (error) => complaints.push(`threw: ${error.message}`));
  page.on("console", (said) => {
    if (said.type() === "error") complaints.push(`logged: ${said.text()}`);
  });
  await page.clock.setFixedTime(new Date("2026-11-21T14:32:00+01:00"));
  await page.addInitScript(pretendRust, scene);
  await page.goto(address);
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => globalThis.__pageReady);
  await scene.act?.(page);
  const sideways = await page.evaluate(() =>
    [document.documentElement, document.querySelector("main")]
      .map((box) => box.scrollWidth - box.clientWidth)
      .find((excess) => excess > 0),
  );
  if (sideways) complaints.push(`is ${sideways} px wider than its window`);
  await page.screenshot({ path: `${SHOTS}${scene.name}.png` });
  await page.close();
  return complaints;
}

rmSync(SHOTS, { recursive: true, force: true });
mkdirSync(SHOTS, { recursive: true });
const server = await preview({ root: UI, logLevel: "warn" });
const address = server.resolvedUrls.local[0];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: BROWSER });
let taken = 0;
let wrong = 0;
try {
  for (const scene of scenes()) {
    if (!scene.name.includes(ONLY)) continue;
    const complaints = await shoot(browser, address, scene);
    taken++;
    for (const complaint of complaints) {
      wrong++;
      console.error(`${scene.name} ${complaint}`);
    }
  }
} finally {
  await browser.close();
  await server.close();
}
console.log(`${taken} pictures in target/ui-shots/, ${wrong} complaints`);
process.exit(wrong > 0 || taken === 0 ? 1 : 0);
