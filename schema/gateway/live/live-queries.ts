// The live-query engine: one for the whole gateway. Knows who listens to what, and wakes what a commit touches.
import type { ExecutionResult } from 'graphql';
import type { Logger } from '#node/platform/log.ts';
import type { CommitFeed } from './commit-feed.ts';
import { type LiveExecution, LiveQuery, type Slots } from './live-query.ts';

export interface LiveQueriesOptions {
  readonly feed: CommitFeed;
  readonly logger: Logger;
  /** Executions at once; the rest waits its turn. */
  readonly maxConcurrent?: number;
}

/** A counting semaphore, first come first served. */
class FairSlots implements Slots {
  readonly #queue: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async acquire(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    return () => {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free += 1;
    };
  }
}

export class LiveQueries {
  readonly #queries = new Map<string, LiveQuery>();
  readonly #announced = new Map<string, number>();
  readonly #slots: FairSlots;
  readonly #logger: Logger;
  readonly #unsubscribe: () => void;

  constructor({ feed, logger, maxConcurrent = 8 }: LiveQueriesOptions) {
    this.#logger = logger;
    this.#slots = new FairSlots(maxConcurrent);
    this.#unsubscribe = feed.subscribe((commit) => {
      if (commit.block >= 0) this.#announced.set(commit.deployment, commit.block);
      for (const query of this.#queries.values()) query.onCommit(commit);
    });
  }

  /** Live queries that run now; identical ones count once. */
  get size(): number {
    return this.#queries.size;
  }

  /**
   * Listens to a query. `key` says what is identical: document, variables and viewer. The first result comes as soon
   * as it is computed, then one for every commit that changes it. A slow reader gets the latest state only.
   */
  subscribe(key: string, execute: () => Promise<LiveExecution>): AsyncIterableIterator<ExecutionResult> {
    let query = this.#queries.get(key);
    if (!query || query.ended) {
      const created: LiveQuery = new LiveQuery({
        execute,
        slots: this.#slots,
        announced: (deployment) => this.#announced.get(deployment),
        onEmpty: () => {
          if (this.#queries.get(key) === created) this.#queries.delete(key);
        },
        onLag: (attempts) =>
          this.#logger.warn(
            { attempts },
            'a live query read behind the announced head: check the head loader',
          ),
      });
      query = created;
      this.#queries.set(key, query);
    }
    return query.join();
  }

  /** Executes everything again: the supergraph has changed. */
  refreshAll(): void {
    for (const query of this.#queries.values()) query.refresh();
  }

  close(): void {
    this.#unsubscribe();
    for (const query of this.#queries.values()) query.end();
    this.#queries.clear();
  }
}
