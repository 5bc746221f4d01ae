// Commits outcomes while the next blocks are mapped: large transactions far behind the head, at the head one for every block.
import { type Deployment, isDeterministic, type Lease } from '#indexer/store/index.ts';
import { messageOf } from '#node/platform/errors.ts';
import type { BlockOutcome, BlockPointer, DeterministicFailure } from '../../model.ts';
import { onlyProof } from '../../proof/proof-entity.ts';
import type { Progress } from '../progress.ts';
import type { Stage } from './stage.ts';

export interface WriteLimits {
  /** Entity versions a transaction should have before it is worth its fixed costs, while more blocks are coming. */
  readonly minVersions: number;
  /** Versions waiting at which mapping has to wait for writing. */
  readonly maxVersions: number;
  /** A transaction starts after this time, however small. */
  readonly maxDelayMs: number;
}

export class WriteStage implements Stage {
  readonly name = 'write';
  readonly #deployment: Deployment;
  readonly #lease: Lease;
  readonly #progress: Progress;
  readonly #limits: WriteLimits;
  readonly #onCommitted: (head: BlockPointer) => void;
  #waiting: BlockOutcome[] = [];
  #versions = 0;
  #lastStart = performance.now();
  #committing: Promise<void> | null = null;
  #error: { error: unknown } | null = null;
  /** What made a block fail, or impossible to store; all later outcomes are dropped. */
  #failure: DeterministicFailure | null = null;

  constructor(
    deployment: Deployment,
    lease: Lease,
    progress: Progress,
    limits: WriteLimits,
    onCommitted: (head: BlockPointer) => void,
  ) {
    this.#deployment = deployment;
    this.#lease = lease;
    this.#progress = progress;
    this.#limits = limits;
    this.#onCommitted = onCommitted;
  }

  get failure(): DeterministicFailure | null {
    return this.#failure;
  }

  /** Takes outcomes over. Waits only when too much is waiting already. @throws what a commit failed with */
  async add(outcomes: readonly BlockOutcome[]): Promise<void> {
    this.#throwError();
    for (const outcome of outcomes) {
      // Blocks in which nothing happened only matter as heads: one behind the other, the last of them is enough.
      const before = this.#waiting.at(-1);
      if (before && isEmpty(before) && outcome.block.number > before.block.number) this.#waiting.pop();
      this.#waiting.push(outcome);
      // Lines wait, and are written, as versions are.
      this.#versions += outcome.modifications.length + (outcome.lines?.length ?? 0);
    }
    const due =
      this.#versions >= this.#limits.minVersions ||
      performance.now() - this.#lastStart >= this.#limits.maxDelayMs;
    if (due && !this.#committing) this.#start();
    while (this.#versions >= this.#limits.maxVersions && this.#committing) await this.#committing;
    this.#throwError();
  }

  /** Commits everything that waits. */
  async flush(): Promise<void> {
    while (this.#committing || this.#waiting.length > 0) {
      if (!this.#committing) this.#start();
      await this.#committing;
      this.#throwError();
    }
  }

  /** Forgets what is not committed, and waits for the commit in progress. */
  async drop(): Promise<void> {
    this.#waiting = [];
    this.#versions = 0;
    await this.#committing;
    this.#waiting = [];
    this.#error = null;
    this.#failure = null;
  }

  async unwind(to: BlockPointer | null): Promise<void> {
    await this.drop();
    const { head } = await this.#deployment.record();
    if (head?.hash === to?.hash) return;
    await this.#progress.measure('write', () => this.#deployment.revertTo(this.#lease, to));
  }

  #throwError(): void {
    if (this.#error) throw this.#error.error;
  }

  #start(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#versions = 0;
    this.#lastStart = performance.now();
    this.#committing = this.#commit(batch)
      .catch((error: unknown) => {
        this.#error = { error };
        this.#waiting = [];
      })
      .finally(() => {
        this.#committing = null;
      });
  }

  async #commit(batch: readonly BlockOutcome[]): Promise<void> {
    if (this.#failure) return;
    try {
      await this.#write(batch);
    } catch (error) {
      if (!isDeterministic(error)) throw error;
      // One block of the batch cannot be stored. One by one, those before it stay, and it is known which one it is.
      for (const outcome of batch) {
        try {
          await this.#write([outcome]);
        } catch (single) {
          if (!isDeterministic(single)) throw single;
          const failure = {
            message: messageOf(single),
            handler: '(storing the block)',
            block: outcome.block,
          };
          const modifications = onlyProof(outcome.modifications);
          await this.#write([{ ...outcome, modifications, createdDataSources: [], failure }]);
          return;
        }
      }
    }
  }

  async #write(batch: readonly BlockOutcome[]): Promise<void> {
    const result = await this.#progress.measure('write', () =>
      this.#deployment.commitBatch(this.#lease, batch),
    );
    const { counters } = this.#progress;
    counters.commits++;
    counters.versions += result.rows;
    this.#progress.moveHead(result.head);
    this.#onCommitted(result.head);
    const failure = batch.at(-1)?.failure;
    if (failure) {
      this.#failure = failure;
      this.#waiting = [];
    }
  }
}

function isEmpty(outcome: BlockOutcome): boolean {
  const { modifications, createdDataSources, handledFiles, errors, failure, lines } = outcome;
  const changes = modifications.length + createdDataSources.length;
  return changes === 0 && !handledFiles && !errors && !failure && !lines;
}
