import type { Answer } from "../bridge";
import { ask } from "../bridge";
import { Newest } from "../newest";

/** A question that can be asked again, with the newest answer to it; late answers to earlier askings are dropped. */
export class Asked<T> {
  #command: () => Promise<Answer<T>>;
  #questions = new Newest();
  #answer: Answer<T> | null = $state.raw(null);

  constructor(command: () => Promise<Answer<T>>) {
    this.#command = command;
  }

  /** The newest answer, or null before the first. */
  get answer(): Answer<T> | null {
    return this.#answer;
  }

  /** The data of the newest answer, unless there is none or it is a failure. */
  get data(): T | null {
    return this.#answer?.status === "ok" ? this.#answer.data : null;
  }

  /** Asks, and returns once this asking was answered or overtaken. */
  async ask(): Promise<void> {
    const question = this.#questions.ask();
    const answer = await ask(this.#command);
    if (question.accepts()) this.#answer = answer;
  }
}
