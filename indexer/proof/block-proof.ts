// Keeps a deployment's proof of indexing while its blocks run: the events of a block in a stream, its state among the entities.
import type { Trigger } from '#indexer/model.ts';
import type { EntityCache } from '../mapping/entity-cache.ts';
import type { PreparedType } from '../mapping/entity-types.ts';
import type { EventStream, ProofVersion } from './event-stream.ts';
import { causalityRegion, DIGEST_SLOT, ID_SLOT, preparedProofType } from './proof-entity.ts';
import { createEventStream } from './proof-of-indexing.ts';

export class BlockProof {
  /** Told of what handlers do. */
  readonly events: EventStream;
  readonly #cache: EntityCache;
  readonly #type: PreparedType;
  readonly #region: string;
  /** The block whose stream is open, by its hash: it goes on when the block is run again for data sources made in it. */
  #block: string | null = null;
  /** The state before that block. */
  #before: Uint8Array | null = null;
  #trigger: Trigger | null = null;
  /** A handler has run in the block. */
  #started = false;
  /** A handler of the running trigger has failed. */
  #failed = false;

  /** @param index a type index that none of the schema's types has */
  constructor(version: ProofVersion, network: string, cache: EntityCache, index: number) {
    this.events = createEventStream(version);
    this.#cache = cache;
    this.#type = preparedProofType(index);
    this.#region = causalityRegion(network);
  }

  beginBlock(block: { readonly number: number; readonly hash: string }): void {
    this.#trigger = null;
    this.#failed = false;
    if (this.#block === block.hash) return;
    this.#block = block.hash;
    this.#started = false;
    this.#before = this.#stored();
    this.events.beginBlock(block.number);
  }

  /** A handler begins. Those of one event in several data sources count as one. */
  startHandler(trigger: Trigger): void {
    const last = this.#trigger;
    const same =
      last !== null &&
      (trigger.kind === 'event' && last.kind === 'event'
        ? trigger.log === last.log
        : trigger.kind === last.kind && trigger.kind !== 'entity');
    this.#trigger = trigger;
    this.#started = true;
    if (same) return;
    this.#closeTrigger();
    this.events.startHandler();
  }

  /** The running handler failed deterministically: told once the other handlers of its trigger have run, too. */
  failHandler(): void {
    this.#failed = true;
  }

  #closeTrigger(): void {
    if (this.#failed) this.events.failHandler();
    this.#failed = false;
  }

  /** Puts the state after the block among the block's changes; a block in which no handler ran leaves it alone. */
  endBlock(): void {
    if (!this.#started) return;
    this.#closeTrigger();
    const slots = new Array<string | Uint8Array>(2);
    slots[DIGEST_SLOT] = this.events.pause(this.#before);
    slots[ID_SLOT] = this.#region;
    this.#cache.set(this.#type, this.#region, this.#region, this.#region, slots);
    this.#cache.commitHandler();
  }

  /** Forgets the block that is open: the store went back in time. */
  reset(): void {
    this.#block = null;
    this.#before = null;
  }

  #stored(): Uint8Array | null {
    return (this.#cache.get(this.#type, this.#region)?.digest as Uint8Array | undefined) ?? null;
  }
}
