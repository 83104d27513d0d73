/**
 * request_gen: the window's own counter that drops late answers to old questions. Every question whose
 * answer ends up on the screen goes through one of these.
 */

/** One question. Whoever asked it checks `accepts` before the answer is shown. */
export interface Question {
  /** The number of this question; a later question has a higher one. */
  readonly gen: number;
  /**
   * Whether its answer may still be shown: nothing was asked since, nothing was called off, and what is
   * looked at now (`scopeNow`) is still what was asked about.
   */
  accepts(scopeNow?: string): boolean;
}

/** The questions on one subject, of which only the newest may be answered. */
export class Newest {
  #gen = 0;

  /** Asks anew about `scope`; every earlier question of this subject is now too old to be answered. */
  ask(scope = ""): Question {
    const gen = ++this.#gen;
    return {
      gen,
      accepts: (scopeNow = scope) => gen === this.#gen && scope === scopeNow,
    };
  }

  /** Calls off what was asked so far: no answer to it will be accepted. */
  cancel(): void {
    this.#gen++;
  }
}
