// Anchors digests of runs on chain: gathers them in batches, sends each batch's root to RunAnchor, and follows the subgraph of proofs to
// learn what came of it. Everything it does may be done twice, by any number of processes: a batch is stored before it is signed, a
// transaction before it is sent, and a batch that is not indexed is looked after until it is, also when its block leaves the chain.
import { Interface, type Wallet } from 'ethers';
import { messageOf } from '#node/platform/errors.ts';
import { commitTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import { LookAgain } from '#node/platform/look-again.ts';
import type { SignedTransactions } from '../signed-transactions.ts';
import { type AnchorBatch, type AnchorBatches, anchorKey } from './anchor-batches.ts';

export interface RunAnchorerOptions {
  readonly batches: AnchorBatches;
  readonly transactions: SignedTransactions;
  readonly bus: EventBus;
  /** Address of RunAnchor. */
  readonly contract: string;
  /** Who anchors; nothing else sends from its address. Asked each time, so that it can be given gas. */
  readonly wallet: () => Promise<Wallet>;
  /** The deployment of the subgraph of proofs that stands in the supergraph now; null: none. */
  readonly feed: () => Promise<string | null>;
  /** Digests in a batch at most. */
  readonly most: number;
  /** Milliseconds after which a batch is made even if it is not full. */
  readonly afterMs: number;
  readonly logger: Logger;
}

const runAnchor = new Interface(['function anchor(bytes32 root, uint32 count) returns (uint256 batch)']);
const gasLimit = 200_000n;
/** Batches looked after at a time. */
const pageSize = 64;
const mostIdleMs = 1_000;

export class RunAnchorer {
  readonly #options: RunAnchorerOptions;
  readonly #looking: LookAgain;

  constructor(options: RunAnchorerOptions) {
    this.#options = options;
    const { bus, afterMs, logger } = options;
    this.#looking = new LookAgain({
      look: () => this.#work(),
      onSignal: (wake) => bus.onSignal(commitTopic, wake),
      idleMs: Math.min(mostIdleMs, afterMs),
      onError: (error) =>
        logger.warn({ error: messageOf(error) }, 'runs could not be anchored; trying again later'),
    });
  }

  start(): void {
    this.#looking.start();
  }

  close(): Promise<void> {
    return this.#looking.close();
  }

  /** One look: what has ended is gathered, what is indexed is noted, what is not is sent. */
  anchor(): Promise<void> {
    return this.#looking.now();
  }

  async #work(): Promise<void> {
    const { batches, feed, most, afterMs, contract } = this.#options;
    while (!this.#looking.closed && (await batches.collect({ most, afterMs, contract })) === most) {
      // A full batch: there may be more.
    }
    const deployment = await feed();
    if (deployment !== null) await batches.project(deployment);
    for (const batch of await batches.unindexed(pageSize)) {
      if (this.#looking.closed) return;
      await this.#send(batch);
    }
  }

  async #send(batch: AnchorBatch): Promise<void> {
    const { transactions, wallet, logger } = this.#options;
    const key = anchorKey(batch.id);
    const earlier = await transactions.known(key);
    const receipt = earlier && (await transactions.receipt(earlier));
    if (receipt?.succeeded) return;
    if (earlier && (receipt || (await transactions.isDisplaced(earlier)))) {
      // Anchoring a root a second time does no harm; leaving it out would.
      logger.warn(
        { batch: batch.id, hash: earlier.hash },
        'the transaction of a batch failed or lost its place',
      );
      await transactions.forget(key);
    }
    const signed = await transactions.sign(key, await wallet(), {
      to: batch.contract,
      data: runAnchor.encodeFunctionData('anchor', [batch.root, batch.count]),
      gasLimit,
    });
    const refusal = await transactions.send(signed);
    if (refusal !== undefined && !/already|known|nonce too low/i.test(refusal))
      logger.warn({ batch: batch.id, refusal }, 'the chain did not take a batch of digests yet');
  }
}
