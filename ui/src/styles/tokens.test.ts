import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "..");
const TOKENS = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

/** Each colour token's light and dark value, as the first rule gives them. */
const COLOURS = new Map(
  [
    ...TOKENS.slice(0, TOKENS.indexOf("@media")).matchAll(/--([\w-]+):\s*light-dark\((#\w+),\s*(#\w+)\)/g),
  ].map(([, name, light, dark]) => [name, { light, dark }] as const),
);

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

const PAPERS = ["paper", "paper-raised", "paper-sunk"];
const TINTS = ["accent-tint", "warning-tint", "error-tint"];
const pairs = (inks: string[], papers: string[]) =>
  inks.flatMap((ink) => papers.map((paper) => [ink, paper] as const));

/** Text needs 4.5:1, the edge or sign of something to use 3:1 (WCAG 2.2 AA). */
const TEXT = [
  ...pairs(["ink", "ink-soft", "ink-faint", "accent-ink", "error-ink", "done-ink"], PAPERS),
  ...pairs(["ink", "ink-soft"], ["paper-hover", "paper-pressed", ...TINTS]),
  ...pairs(["accent-ink"], TINTS),
  ["ink-faint", "paper-hover"],
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["warning-ink", "warning-tint"],
  ["error-ink", "error-tint"],
  ["error-ink", "warning-tint"],
] as const;
const EDGES = [...pairs(["line-strong", "accent"], PAPERS)] as const;

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  const colour = (name: string) => {
    const value = COLOURS.get(name)?.[theme];
    if (!value) throw new Error(`tokens.css has no colour --${name}`);
    return value;
  };

  const tooFaint = (pairs: readonly (readonly [string, string])[], least: number) =>
    pairs
      .map(([ink, paper]) => ({ ink, paper, contrast: contrast(colour(ink), colour(paper)) }))
      .filter((pair) => pair.contrast < least);

  test("all text can be read", () => {
    expect(tooFaint(TEXT, 4.5)).toEqual([]);
  });

  test("all edges of what can be used can be made out", () => {
    expect(tooFaint(EDGES, 3)).toEqual([]);
  });
});

test("contrast is measured as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
});

const COMPONENTS = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".svelte"),
);

test("components take their colours from the tokens, and only tokens that exist", () => {
  const wrong = COMPONENTS.flatMap((file) => {
    const style = /<style>([\s\S]*)<\/style>/.exec(readFileSync(join(SOURCE, file), "utf8"))?.[1] ?? "";
    const colours = style.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/gi) ?? [];
    const own = [...style.matchAll(/(--[\w-]+):/g)].map(([, name]) => name);
    const unknown = [...style.matchAll(/var\((--[\w-]+)/g)]
      .map(([, name]) => name ?? "")
      .filter((name) => !TOKENS.includes(`${name}:`) && !own.includes(name));
    return [...colours, ...unknown].map((found) => `${file}: ${found}`);
  });
  expect(wrong).toEqual([]);
});
