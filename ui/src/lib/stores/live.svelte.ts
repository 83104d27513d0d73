/** A pure reducer's state, kept so that what shows it follows along. */
export class Live<State, Event> {
  #reduce: (state: State, event: Event) => State;
  #state: State;

  constructor(reduce: (state: State, event: Event) => State, start: State) {
    this.#reduce = reduce;
    this.#state = $state.raw(start);
  }

  /** The state after all that was told so far. */
  get now(): State {
    return this.#state;
  }

  /** Lets the reducer hear of this. */
  tell(event: Event): void {
    this.#state = this.#reduce(this.#state, event);
  }
}
