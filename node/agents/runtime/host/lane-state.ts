// What the agent host's main thread and one worker know of each other without talking: who may end whom, and when.

const SLOTS = 3;
const STATE = 0;
/** The run that is under way, and the one that somebody wants ended. */
const RUN = 1;
const CANCEL = 2;
const NUMBERS_AT = 16;
const DEADLINE = 0;
const GAS = 1;
const MEMORY = 2;
const NUMBERS = 3;

/** A worker is ended from outside only while it runs guest code: in every other state it may be in the middle of a frame. */
export const LANE = { idle: 0, guest: 1, call: 2, ended: 3 } as const;

export class LaneState {
  readonly buffer: SharedArrayBuffer;
  readonly #slots: Int32Array;
  readonly #numbers: Float64Array;

  constructor(buffer = new SharedArrayBuffer(NUMBERS_AT + NUMBERS * 8)) {
    this.buffer = buffer;
    this.#slots = new Int32Array(buffer, 0, SLOTS);
    this.#numbers = new Float64Array(buffer, NUMBERS_AT, NUMBERS);
  }

  /** @param deadline milliseconds since 1970 */
  begin(run: number, deadline: number): void {
    this.#numbers[DEADLINE] = deadline;
    this.#numbers[GAS] = 0;
    this.#numbers[MEMORY] = 0;
    Atomics.store(this.#slots, RUN, run);
    Atomics.store(this.#slots, STATE, LANE.guest);
  }

  /** Changes the state, or answers false when the other side was quicker. */
  move(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#slots, STATE, from, to) === from;
  }

  /** Worker: the main thread has decided to end this thread, which is a matter of milliseconds. */
  awaitEnd(): never {
    for (;;) Atomics.wait(this.#slots, STATE, LANE.ended, 60_000);
  }

  get state(): number {
    return Atomics.load(this.#slots, STATE);
  }

  get deadline(): number {
    return this.#numbers[DEADLINE] ?? 0;
  }

  cancel(run: number): void {
    Atomics.store(this.#slots, CANCEL, run);
  }

  get cancelled(): boolean {
    return Atomics.load(this.#slots, CANCEL) === Atomics.load(this.#slots, RUN);
  }

  /** What the run has used so far, for when it is ended without a word of its own. */
  report(gas: number, memoryBytes: number): void {
    this.#numbers[GAS] = gas;
    this.#numbers[MEMORY] = memoryBytes;
  }

  get used(): { gas: number; memoryBytes: number } {
    return { gas: this.#numbers[GAS] ?? 0, memoryBytes: this.#numbers[MEMORY] ?? 0 };
  }

  reset(): void {
    Atomics.store(this.#slots, STATE, LANE.idle);
  }
}
