/** What every setting on the page does alike: change by its dotted key, and say why a change was refused. */
import { inWords, t } from "../../lib/i18n/language.svelte";
import type { Quoth } from "../../lib/quoth.svelte";

/** Why the last change of this setting was taken back, in words; null if it was not. */
export function refusal(quoth: Quoth, key: string): string | null {
  const failure = quoth.settings.now.refused[key];
  return failure ? t("settings.not_changed", { reason: inWords(failure) }) : null;
}
