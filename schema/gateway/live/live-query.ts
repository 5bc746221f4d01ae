// One live query, shared by all who asked for the same thing: executes, waits for a commit that touches what it read,
// executes again. One execution at a time, so that results cannot overtake each other.
import type { ExecutionResult } from 'graphql';
import type { BlockPointer, ReadSet } from '#node/platform/operation.ts';
import type { Commit } from './commit-feed.ts';
import { LiveSubscriber } from './live-subscriber.ts';
import { shareResult } from './shared-result.ts';

export interface LiveExecution {
  readonly result: ExecutionResult;
  readonly reads: ReadSet;
  /** The read point of the execution. */
  readonly heads: ReadonlyMap<string, BlockPointer>;
  /** True when the query cannot be answered any more: its result is the last. */
  readonly final?: boolean;
}

/** Limits how many executions run at once. */
export interface Slots {
  acquire(): Promise<() => void>;
}

export interface LiveQueryOptions {
  readonly execute: () => Promise<LiveExecution>;
  readonly slots: Slots;
  /** The newest block that the feed has announced for a deployment. */
  readonly announced: (deployment: string) => number | undefined;
  readonly onEmpty: () => void;
  readonly onLag: (attempts: number) => void;
}

/** Waits between executions whose read point is behind what the feed has announced, in milliseconds. */
const LAG_WAITS = [2, 4, 8, 16, 32, 64, 128, 250, 250, 250, 250, 250];

/** Commits remembered while an execution runs; beyond it the query simply runs again. */
const MAX_REMEMBERED = 256;

/** Whether a commit may have changed what was read. An executor that reports nothing may have read everything. */
export function touches(commit: Commit, reads: ReadSet): boolean {
  if (reads.entities.size === 0 && reads.topics.size === 0) return true;
  if (commit.topics?.some((topic) => reads.topics.has(topic) || (topic === '*' && reads.topics.size > 0)))
    return true;
  const read = reads.entities.get(commit.deployment);
  if (!read) return false;
  return read.has('*') || commit.entities.some((entity) => entity === '*' || read.has(entity));
}

export class LiveQuery {
  readonly #options: LiveQueryOptions;
  readonly #subscribers = new Set<LiveSubscriber>();
  #execution = 0;
  #dirty = false;
  #looping = false;
  #executing = false;
  #during: Commit[] = [];
  #reads: ReadSet | undefined;
  #ended = false;

  constructor(options: LiveQueryOptions) {
    this.#options = options;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** A new listener. Its first result comes from an execution that begins after this call. */
  join(): LiveSubscriber {
    const subscriber = new LiveSubscriber(this.#execution + 1, (leaving) => {
      this.#subscribers.delete(leaving);
      if (this.#subscribers.size === 0 && !this.#ended) {
        this.#ended = true;
        this.#options.onEmpty();
      }
    });
    this.#subscribers.add(subscriber);
    this.refresh();
    return subscriber;
  }

  /** Executes again, whatever has changed. */
  refresh(): void {
    this.#dirty = true;
    if (!this.#looping && !this.#ended) void this.#loop();
  }

  onCommit(commit: Commit): void {
    if (this.#executing) {
      // What this execution reads is not known yet: decide when it is.
      if (this.#during.length < MAX_REMEMBERED) this.#during.push(commit);
      else this.#dirty = true;
    } else if (!this.#dirty && this.#reads && touches(commit, this.#reads)) this.refresh();
  }

  end(): void {
    this.#ended = true;
    for (const subscriber of [...this.#subscribers]) subscriber.end();
  }

  async #loop(): Promise<void> {
    this.#looping = true;
    let lag = 0;
    while (this.#dirty && !this.#ended) {
      const release = await this.#options.slots.acquire();
      this.#dirty = false;
      this.#during = [];
      this.#executing = true;
      this.#execution += 1;
      let outcome: LiveExecution;
      try {
        outcome = await this.#options.execute();
      } finally {
        this.#executing = false;
        release();
      }
      this.#reads = outcome.reads;
      if (this.#during.some((commit) => touches(commit, outcome.reads))) this.#dirty = true;
      const wait = LAG_WAITS[lag];
      if (!outcome.final && this.#isBehind(outcome) && wait !== undefined) {
        // The notification was faster than the read point: a result from before it would be stale.
        lag += 1;
        this.#dirty = true;
        await new Promise((resolve) => setTimeout(resolve, wait));
        continue;
      }
      if (wait === undefined) this.#options.onLag(lag);
      lag = 0;
      const shared = shareResult(outcome.result);
      for (const subscriber of [...this.#subscribers]) {
        if (subscriber.since <= this.#execution) subscriber.offer(shared);
      }
      if (outcome.final) this.end();
    }
    this.#looping = false;
  }

  #isBehind({ reads, heads }: LiveExecution): boolean {
    for (const deployment of reads.entities.keys()) {
      const announced = this.#options.announced(deployment);
      if (announced !== undefined && (heads.get(deployment)?.number ?? -1) < announced) return true;
    }
    return false;
  }
}
