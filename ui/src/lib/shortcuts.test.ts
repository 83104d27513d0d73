import { describe, expect, test } from "vitest";

import { ariaKeysFor, keysFor, pageFor, type Press } from "./shortcuts";

function press(change: Partial<Press>): Press {
  return { key: "", code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change };
}
const digit = (n: number) => ({ key: String(n), code: `Digit${n}` });

describe("the keys that lead to a page", () => {
  test("Ctrl with 1 to 6 follows the side bar, and there is no seventh", () => {
    const led = [1, 2, 3, 4, 5, 6, 7].map((n) => pageFor(press({ ctrlKey: true, ...digit(n) }), false));
    expect(led).toEqual(["history", "projects", "dictionary", "models", "settings", "about", null]);
  });

  test("Ctrl and a comma lead to Settings", () => {
    expect(pageFor(press({ ctrlKey: true, key: "," }), false)).toBe("settings");
  });

  test("a Mac listens to Cmd instead of Ctrl", () => {
    expect(pageFor(press({ metaKey: true, ...digit(4) }), true)).toBe("models");
    expect(pageFor(press({ ctrlKey: true, ...digit(4) }), true)).toBeNull();
    expect(pageFor(press({ metaKey: true, ...digit(4) }), false)).toBeNull();
  });

  test("digits count by their place where the layout writes them with Shift", () => {
    expect(pageFor(press({ ctrlKey: true, key: "&", code: "Digit1" }), false)).toBe("history");
  });

  test("AltGr, plain digits and other letters lead nowhere", () => {
    expect(pageFor(press({ ctrlKey: true, altKey: true, ...digit(1) }), false)).toBeNull();
    expect(pageFor(press(digit(1)), false)).toBeNull();
    expect(pageFor(press({ ctrlKey: true, key: "c", code: "KeyC" }), false)).toBeNull();
  });

  test("are shown as they are on the keyboard and told to screen readers", () => {
    expect(keysFor("projects", false)).toBe("Ctrl+2");
    expect(keysFor("projects", true)).toBe("⌘2");
    expect(ariaKeysFor("settings", false)).toBe("Control+5 Control+,");
  });
});
