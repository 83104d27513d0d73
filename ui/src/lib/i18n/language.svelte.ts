/**
 * The language in use. `t` and `tCount` read it reactively, so a change of language re-words the whole
 * page without a reload.
 */
import type { Failure } from "../bridge";
import {
  countedMessage,
  existingKey,
  message,
  regionFor,
  tongueFor,
  type CountedKey,
  type MessageKey,
  type Params,
  type Tongue,
} from "./messages";

let current: Tongue = $state(tongueFor("system", navigator.languages));

/** The language in use now. */
export function tongue(): Tongue {
  return current;
}

/** Speaks the language of the settings from now on. */
export function speak(chosen: "system" | Tongue): void {
  current = tongueFor(chosen, navigator.languages);
  document.documentElement.lang = current;
}

/** The message of this key in the language in use. */
export function t(key: MessageKey, params?: Params): string {
  return message(current, key, params);
}

/** The message of this key for this many things in the language in use. */
export function tCount(key: CountedKey, count: number): string {
  return countedMessage(current, key, count);
}

/** A failure in words: translated where its code is known, else as Rust put it. */
export function inWords(failure: Failure): string {
  const key = existingKey(`error.${failure.code}`);
  return key ? t(key, { message: failure.message }) : failure.message;
}

/** A moment as the language writes it: the time alone for today, else with the day. */
export function moment(at: number, now: number = Date.now()): string {
  const region = regionFor(current, navigator.languages);
  const day = new Intl.DateTimeFormat(region, { dateStyle: "medium" });
  const time = new Intl.DateTimeFormat(region, { timeStyle: "short" });
  const ofDay = day.format(at);
  return ofDay === day.format(now) ? time.format(at) : `${ofDay}, ${time.format(at)}`;
}
