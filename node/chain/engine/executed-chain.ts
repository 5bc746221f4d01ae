// Keeps the ledger in step with the selected chain: executes its blocks one after the other, and takes them back where the chain goes another way.
import { AiosError } from '#node/platform/errors.ts';
import type { ChainBlock, Execution } from '../state/chain-block.ts';
import { isIncluded } from '../state/included.ts';
import type { Ledger, Undo } from '../state/ledger.ts';
import { encodeReceipts } from '../state/receipts.ts';
import type { Electorate } from '../state/validators.ts';
import type { ChainRecord, ChainStore } from '../store/chain-store.ts';
import { type BlockId, hexOf } from '../types/identifiers.ts';

/** A block of the selected chain that is executed and can be taken back. */
interface Executed {
  readonly index: number;
  readonly id: BlockId;
  readonly stateRoot: string;
  readonly electorate: Electorate;
  /** Undefined of the oldest, which is final. */
  readonly undo: Undo | undefined;
}

export interface Moved {
  readonly removed: readonly { readonly index: number; readonly id: BlockId }[];
  readonly added: readonly { readonly index: number; readonly id: BlockId }[];
}

export interface ExecutedChainOptions {
  readonly ledger: Ledger;
  readonly store: ChainStore;
  /** Where the ledger stands: the genesis, or the state that was stored. */
  readonly at: { readonly index: number; readonly id: BlockId };
  /** The selected chain down from a block, itself first. */
  readonly chainFrom: (id: BlockId) => Iterable<BlockId>;
  /** A block of the selected chain with all that is executed with it. */
  readonly chainBlock: (id: BlockId) => ChainBlock;
}

export class ExecutedChain {
  readonly #options: ExecutedChainOptions;
  /** From the last final one on, one after the other. */
  readonly #blocks: Executed[];
  readonly #byId = new Map<BlockId, Executed>();
  /** Who may vote after final blocks, which are needed for as long as blocks refer to them. */
  readonly #electorates = new Map<BlockId, Electorate>();

  constructor(options: ExecutedChainOptions) {
    this.#options = options;
    const { at, ledger } = options;
    const first: Executed = {
      ...at,
      ...{ stateRoot: hexOf(ledger.root), electorate: ledger.electorate(), undo: undefined },
    };
    this.#blocks = [first];
    this.#byId.set(first.id, first);
    this.#electorates.set(first.id, first.electorate);
  }

  get head(): { readonly index: number; readonly id: BlockId } {
    return this.#last;
  }

  /** The oldest block that can be gone back to. */
  get base(): { readonly index: number; readonly id: BlockId } {
    return this.#blocks[0] as Executed;
  }

  /** Root of the state after a block; undefined when it is not executed or long final. */
  rootAt(id: BlockId): string | undefined {
    return this.#byId.get(id)?.stateRoot;
  }

  indexOf(id: BlockId): number | undefined {
    return this.#byId.get(id)?.index ?? this.#options.store.indexOf(id);
  }

  /** Who may propose and vote on blocks that know this one to be final; executes up to there when that has not been done. */
  electorateAt(id: BlockId): Electorate | undefined {
    return this.#byId.get(id)?.electorate ?? this.#electorates.get(id);
  }

  /** Who may vote after a final block is kept when the block itself is forgotten. */
  keepElectorate(id: BlockId, electorate: Electorate): void {
    this.#electorates.set(id, electorate);
  }

  /** Forgets who could vote after blocks that nothing to come refers to. */
  forgetElectorates(isPast: (id: BlockId) => boolean): void {
    for (const id of this.#electorates.keys()) if (isPast(id)) this.#electorates.delete(id);
  }

  get electorates(): ReadonlyMap<BlockId, Electorate> {
    return this.#electorates;
  }

  /**
   * Makes a block the last executed one: takes back what is not on its selected chain, executes what is missing.
   * @throws AiosError FINALITY_CONFLICT when its chain leaves that of the last final block behind
   */
  moveTo(id: BlockId): Moved {
    const path: BlockId[] = [];
    for (const block of this.#options.chainFrom(id)) {
      if (this.#byId.has(block)) break;
      path.push(block);
    }
    const from = path.at(-1);
    const fork = from === undefined ? this.#byId.get(id) : this.#parentOf(from);
    if (!fork)
      throw new AiosError(
        'FINALITY_CONFLICT',
        `The chain of block ${id} does not lead through block ${this.base.id}, which is final here and executed.`,
      );
    const removed = this.#unwind(fork.index);
    const added = path.reverse().map((block) => this.#execute(block));
    return { removed, added };
  }

  /**
   * What `act` finds in the state after the oldest block, which is final. Later blocks are taken back for that and done again, a few
   * microseconds for each change: not for every request of anybody.
   */
  atBase<Result>(act: () => Result): Result {
    const { ledger, store } = this.#options;
    const later = this.#blocks.splice(1);
    for (const { undo } of later.toReversed()) ledger.undo(undo as Undo);
    try {
      return act();
    } finally {
      for (const block of later) {
        const undo = ledger.apply(store.record(block.index)?.changes ?? []);
        const again = { ...block, undo };
        this.#blocks.push(again);
        this.#byId.set(block.id, again);
      }
    }
  }

  /** Forgets how to go back behind a block that is executed and final. */
  finalize(id: BlockId): void {
    const block = this.#byId.get(id);
    if (!block) return;
    const count = block.index - this.base.index;
    for (const old of this.#blocks.splice(0, count)) this.#byId.delete(old.id);
    this.#blocks[0] = { ...block, undo: undefined };
    this.#byId.set(id, this.#blocks[0]);
    this.#electorates.set(id, block.electorate);
  }

  get #last(): Executed {
    return this.#blocks.at(-1) as Executed;
  }

  #parentOf(id: BlockId): Executed | undefined {
    const [, parent] = this.#options.chainFrom(id);
    return parent === undefined ? undefined : this.#byId.get(parent);
  }

  #unwind(toIndex: number): Moved['removed'] {
    const removed: { index: number; id: BlockId }[] = [];
    while (this.#last.index > toIndex) {
      const { index, id, undo } = this.#blocks.pop() as Executed;
      this.#options.ledger.undo(undo as Undo);
      this.#byId.delete(id);
      removed.push({ index, id });
    }
    if (removed.length > 0) this.#options.store.unwind(toIndex + 1);
    return removed;
  }

  #execute(id: BlockId): { index: number; id: BlockId } {
    const { ledger, store } = this.#options;
    const index = this.#last.index + 1;
    const chainBlock = this.#options.chainBlock(id);
    const execution = ledger.execute(chainBlock);
    store.putRecord(recordOf(index, chainBlock, execution));
    const executed: Executed = {
      ...{ index, id, undo: execution.undo },
      stateRoot: hexOf(execution.stateRoot),
      electorate: ledger.electorate(),
    };
    this.#blocks.push(executed);
    this.#byId.set(id, executed);
    return { index, id };
  }
}

/** What is stored of an executed block. */
function recordOf(index: number, { id, merged }: ChainBlock, execution: Execution): ChainRecord {
  const ids: Uint8Array[] = [];
  for (const [nth, { transactions }] of merged.entries())
    for (const [place, transaction] of transactions.entries())
      if (isIncluded(execution.statuses[nth]?.[place] as number)) ids.push(transaction.id);
  return {
    ...{ index, id, stateRoot: execution.stateRoot, changes: execution.changes },
    merged: merged.map((block) => ({ id: block.id, blue: block.blue })),
    receipts: encodeReceipts(execution),
    transactionIds: Buffer.concat(ids),
  };
}
