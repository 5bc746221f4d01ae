// Heads of deployments as commit signals tell them, so that a query need not ask for them. As late as the signals are, a few
// milliseconds; who must see a block asks for it (`block: { number_gte }`).
import { type CommitSignal, commitTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { BlockPointer, HeadLoader } from '#node/platform/operation.ts';

export class FollowedHeads {
  readonly #load: HeadLoader;
  readonly #stopListening: () => void;
  /** Undefined until they are asked for, and after signals may have been missed. */
  #heads: Map<string, BlockPointer> | undefined;
  /** Handed out since it was changed last: whoever pinned it must not see the next change. */
  #pinned = false;
  #reading:
    | { readonly result: Promise<Map<string, BlockPointer>>; readonly signals: CommitSignal[] }
    | undefined;

  constructor(bus: Pick<EventBus, 'onSignal'>, load: HeadLoader) {
    this.#load = load;
    this.#stopListening = bus.onSignal(commitTopic, (payload) =>
      this.#hear(payload as CommitSignal | undefined),
    );
  }

  /** A snapshot that does not change any more. */
  readonly current: HeadLoader = async () => {
    if (this.#heads === undefined) return (this.#reading ?? this.#read()).result;
    this.#pinned = true;
    return this.#heads;
  };

  close(): void {
    this.#stopListening();
  }

  #read() {
    const signals: CommitSignal[] = [];
    const result = this.#load().then(
      (loaded) => {
        const heads = new Map(loaded);
        // Told while they were read: what was read may be older.
        for (const signal of signals) apply(heads, signal);
        if (this.#reading === reading) {
          this.#reading = undefined;
          this.#heads = heads;
          this.#pinned = true;
        }
        return heads;
      },
      (error: unknown) => {
        if (this.#reading === reading) this.#reading = undefined;
        throw error;
      },
    );
    const reading = { result, signals };
    this.#reading = reading;
    return reading;
  }

  #hear(signal: CommitSignal | undefined): void {
    if (signal === undefined) {
      this.#heads = undefined;
      this.#reading = undefined;
      return;
    }
    this.#reading?.signals.push(signal);
    if (this.#heads === undefined) return;
    if (this.#pinned) this.#heads = new Map(this.#heads);
    this.#pinned = false;
    apply(this.#heads, signal);
  }
}

function apply(heads: Map<string, BlockPointer>, { deployment, block }: CommitSignal): void {
  if (block === null) heads.delete(deployment);
  else heads.set(deployment, block);
}
