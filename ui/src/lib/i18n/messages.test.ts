import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "svelte/compiler";
import { describe, expect, test } from "vitest";

import de from "../../locales/de.json";
import en from "../../locales/en.json";
import { countedMessage, existingKey, message, regionFor, tongueFor } from "./messages";

const SOURCE = join(import.meta.dirname, "../..");
const FILES = readdirSync(SOURCE, { recursive: true, encoding: "utf8" });

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe("the catalogues", () => {
  test("have the same keys in the same order", () => {
    expect(Object.keys(de)).toEqual(Object.keys(en));
  });

  test("have the same placeholders and some words for every key", () => {
    const wrong = Object.entries(en).filter(([key, text]) => {
      const german = (de as Record<string, string>)[key] ?? "";
      const same = placeholders(german).join() === placeholders(text).join();
      return !same || text.trim() === "" || german.trim() === "";
    });
    expect(wrong).toEqual([]);
  });

  test("have both forms of every message that counts", () => {
    const stems = (form: string) =>
      Object.keys(en)
        .filter((key) => key.endsWith(form))
        .map((key) => key.slice(0, -form.length));
    expect(stems(".one")).toEqual(stems(".other"));
    expect(stems(".one").length).toBeGreaterThan(0);
  });

  test("hold no message that nothing says", () => {
    const source = FILES.filter((file) => /(?<!\.test)\.(svelte|ts)$/.test(file))
      .map((file) => readFileSync(join(SOURCE, file), "utf8"))
      .join("\n");
    const said = (key: string) =>
      source.includes(`"${key}"`) || source.includes(`"${key.replace(/\.(one|other)$/, "")}"`);
    // A key that is put together in the source, such as `nav.${page}`, is said when its beginning is.
    const saidInPart = (key: string) => source.includes(`\`${key.slice(0, key.lastIndexOf(".") + 1)}\${`);
    // The tray's menu is built in Rust, from the same files.
    const unsaid = Object.keys(en).filter(
      (key) => !key.startsWith("tray.") && !said(key) && !saidInPart(key),
    );
    expect(unsaid).toEqual([]);
  });
});

/** Text and speaking attributes written straight into a component's markup. */
function bareWords(markup: string): string[] {
  const found: string[] = [];
  const spoken = new Set(["aria-label", "title", "placeholder", "alt", "label", "text"]);
  const walk = (node: unknown, within: string | null) => {
    if (Array.isArray(node)) return node.forEach((child) => walk(child, within));
    if (typeof node !== "object" || node === null) return;
    const { type, name, data } = node as { type?: string; name?: string; data?: string };
    if (type === "Text" && data && /\p{L}/u.test(data) && (within === null || spoken.has(within)))
      found.push(data.trim());
    for (const [key, child] of Object.entries(node)) {
      if (key !== "parent") walk(child, type === "Attribute" ? (name ?? "") : within);
    }
  };
  walk(parse(markup, { modern: true }).fragment, null);
  return found;
}

describe("the components", () => {
  const components = FILES.filter((file) => file.endsWith(".svelte"));

  test("are found", () => {
    expect(components.length).toBeGreaterThan(20);
  });

  test("say nothing that is not translated", () => {
    const bare = components.flatMap((file) =>
      bareWords(readFileSync(join(SOURCE, file), "utf8")).map((words) => `${file}: ${words}`),
    );
    // The name of the program is the same in every language.
    expect(bare.filter((found) => !found.endsWith(": Quoth"))).toEqual([]);
  });

  test("would be caught saying it", () => {
    expect(bareWords(`<p class="x">Hello {name}</p><button title="Close">×</button>`)).toEqual([
      "Hello",
      "Close",
    ]);
  });
});

describe("a message", () => {
  test("fills in its parameters, with numbers as the language writes them", () => {
    expect(message("en", "app.title", { page: "History" })).toBe("History – Quoth");
    expect(message("de", "settings.problem.line", { line: 1234 })).toBe("Zeile 1.234");
  });

  test("leaves a placeholder standing rather than saying `undefined`", () => {
    expect(message("en", "app.title")).toBe("{page} – Quoth");
  });

  test("takes the form that fits the count", () => {
    expect(countedMessage("en", "notices.more", 1)).toBe("Show one more");
    expect(countedMessage("de", "notices.more", 3)).toBe("3 weitere zeigen");
  });

  test("is looked for by codes from outside, and not found among what every object has", () => {
    expect(existingKey("notice.panic")).toBe("notice.panic");
    expect(existingKey("notice.unheard_of")).toBeNull();
    expect(existingKey("toString")).toBeNull();
  });
});

describe("the language", () => {
  test("is the chosen one, else the first of the system's that Quoth speaks, else English", () => {
    expect(tongueFor("de", ["en-GB"])).toBe("de");
    expect(tongueFor("system", ["fr-FR", "de-AT", "en"])).toBe("de");
    expect(tongueFor("system", ["fr-FR"])).toBe("en");
    expect(tongueFor("system", [])).toBe("en");
  });

  test("writes dates as the system's region does", () => {
    expect(regionFor("en", ["de-DE", "en-GB"])).toBe("en-GB");
    expect(regionFor("de", ["en-GB"])).toBe("de");
  });
});
