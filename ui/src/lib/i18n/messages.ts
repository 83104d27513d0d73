/**
 * What Quoth says, in each language it speaks: finding a message and filling in its parameters.
 * Pure, so it is tested without a page. `language.svelte.ts` adds which language is in use.
 */
import de from "../../locales/de.json";
import en from "../../locales/en.json";

/** A language Quoth speaks. */
export type Tongue = "en" | "de";

/** The key of a message. English is the measure: a key that is not in `en.json` does not exist. */
export type MessageKey = keyof typeof en;

/** The key of a message that depends on a count, without its `.one` or `.other`. */
export type CountedKey = MessageKey extends infer K
  ? K extends `${infer Stem}.other`
    ? Stem
    : never
  : never;

/** What a message's `{placeholders}` stand for. */
export type Params = Readonly<Record<string, string | number>>;

const CATALOGUES: Record<Tongue, Record<MessageKey, string>> = { en, de };

/** The message of this key in this language. Numbers are written as the language writes them. */
export function message(tongue: Tongue, key: MessageKey, params: Params = {}): string {
  return CATALOGUES[tongue][key].replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = params[name];
    if (value === undefined) return placeholder;
    return typeof value === "number" ? new Intl.NumberFormat(tongue).format(value) : value;
  });
}

/** The message of this key for this many things; `{count}` is filled in. */
export function countedMessage(tongue: Tongue, key: CountedKey, count: number): string {
  const form = new Intl.PluralRules(tongue).select(count) === "one" ? "one" : "other";
  return message(tongue, `${key}.${form}`, { count });
}

/** The key itself when a message of that name exists: for names that come from outside, such as error codes. */
export function existingKey(name: string): MessageKey | null {
  return Object.hasOwn(en, name) ? (name as MessageKey) : null;
}

/** The system's own way of writing a language's dates, where it has one: `en-GB` rather than `en`. */
export function regionFor(tongue: Tongue, systemLanguages: readonly string[]): string {
  return systemLanguages.find((language) => language.toLowerCase().split("-")[0] === tongue) ?? tongue;
}

/** The language to speak: the one that was chosen, or the first of the system's that Quoth knows, or English. */
export function tongueFor(chosen: "system" | Tongue, systemLanguages: readonly string[]): Tongue {
  if (chosen !== "system") return chosen;
  for (const language of systemLanguages) {
    const primary = language.toLowerCase().split("-")[0];
    if (primary === "en" || primary === "de") return primary;
  }
  return "en";
}
