// All of the state in memory: accounts and records, what changed them last, and the tree that commits to them. Knows no rules.
import { hash as digest } from 'node:crypto';
import { AiosError } from '#node/platform/errors.ts';
import type { PairHasher } from '../crypto/pair-hasher.ts';
import { hexOf } from '../types/identifiers.ts';
import { ACCOUNT_KEY_BYTES, ACCOUNT_VALUE_BYTES, Accounts, type AccountsBefore } from './accounts.ts';
import type { StateEntry } from './chain-block.ts';
import { LeafChanges } from './leaf-changes.ts';
import { Journal, RecordTable } from './record-table.ts';
import {
  CheckpointCodec,
  DidCodec,
  DutiesCodec,
  HoldingCodec,
  OwnerCodec,
  type Progress,
  ProgressCodec,
  type RecordCodec,
  TaskCodec,
  type Totals,
  TotalsCodec,
  ValidatorCodec,
} from './records.ts';
import { ReleaseQueue } from './release-queue.ts';
import { EntryKind } from './state-keys.ts';
import { type StateProof, StateTree } from './state-tree.ts';

/** The state before a chain block, where that has changed it. */
export interface Undo {
  readonly accounts: AccountsBefore;
  readonly records: readonly StateEntry[];
  /** Root before, and after: what it may be taken back from. */
  readonly rootBefore: Uint8Array;
  readonly rootAfter: Uint8Array;
}

/** The only one of its kind. */
const SINGLE = '';
/** Entries taken in before they are hashed together. */
const LOAD_BATCH = 500_000;

export class WorldState {
  readonly #journal = new Journal();
  readonly #tree: StateTree;
  readonly #leaves = new LeafChanges();
  readonly #tables: RecordTable<never>[] = [];
  /** Counts changes of validators, so that what depends on them is known to be old. */
  #validatorsVersion = 0;

  readonly accounts = new Accounts();
  readonly releases = new ReleaseQueue();
  readonly #totals = this.#table(EntryKind.totals, TotalsCodec);
  readonly #progress = this.#table(EntryKind.progress, ProgressCodec);
  /** By address. */
  readonly validators = this.#table(EntryKind.validator, ValidatorCodec, () => {
    this.#validatorsVersion += 1;
  });
  /** Whose a voting key is, for ever. */
  readonly votingKeys = this.#table(EntryKind.votingKey, OwnerCodec);
  /** By validator and owner, but for the owners of validators themselves. */
  readonly stakes = this.#table(EntryKind.stake, HoldingCodec);
  /** By epoch of release, validator and owner. */
  readonly unbonding = this.#table(EntryKind.unbonding, HoldingCodec, (name, value) =>
    this.releases.changed(name, value !== undefined),
  );
  /** By epoch. */
  readonly checkpoints = this.#table(EntryKind.checkpoint, CheckpointCodec);
  readonly duties = this.#table(EntryKind.duties, DutiesCodec);
  /** By the DID's bytes. */
  readonly didOwners = this.#table(EntryKind.did, OwnerCodec);
  readonly dids = this.#table(EntryKind.didOf, DidCodec);
  readonly tasks = this.#table(EntryKind.task, TaskCodec);

  constructor(hashPairs: PairHasher) {
    this.#tree = new StateTree({ hashPairs });
  }

  /** As of the last chain block. */
  get root(): Uint8Array {
    return this.#tree.root;
  }

  get validatorsVersion(): number {
    return this.#validatorsVersion;
  }

  get totals(): Totals {
    return this.#single(this.#totals, 'totals');
  }

  get progress(): Progress {
    return this.#single(this.#progress, 'progress');
  }

  setTotals(totals: Totals): void {
    this.#totals.set(SINGLE, totals);
  }

  setProgress(progress: Progress): void {
    this.#progress.set(SINGLE, progress);
  }

  /** Adds an amount to an account. Never too much for 64 bits: the supply is not. */
  credit(address: Uint8Array, amount: bigint): void {
    if (amount === 0n) return;
    const slot = this.accounts.open(address);
    this.accounts.setBalance(slot, this.accounts.balance(slot) + amount);
  }

  /** What was changed so far stays, whatever comes of what follows. */
  keep(): void {
    this.#journal.keep();
    this.accounts.keep();
  }

  /** Takes back everything since the last `keep`. */
  rollback(): void {
    this.#journal.rollback();
    this.accounts.rollback();
  }

  /** Ends a chain block: everything that has changed, how to take it back, and the new root. */
  commit(): { readonly changes: readonly StateEntry[]; readonly undo: Undo } {
    const rootBefore = this.root;
    const changes: StateEntry[] = [];
    const records: StateEntry[] = [];
    const leaves = this.#leaves;
    this.#journal.keep();
    const accounts = this.accounts.commit(leaves, (key, value) => changes.push({ key, value }));
    for (const table of this.#tables)
      table.commit((after, before) => {
        changes.push(after);
        records.push(before);
        leaves.add(sha256(after.key), after.value && sha256(after.value));
      });
    this.#tree.apply(leaves);
    leaves.clear();
    return { changes, undo: { accounts, records, rootBefore, rootAfter: this.root } };
  }

  /**
   * Takes back the chain block that was committed last.
   * @throws AiosError STATE_INVALID when it is not that one's
   */
  undo({ accounts, records, rootBefore, rootAfter }: Undo): void {
    if (Buffer.compare(this.root, rootAfter) !== 0)
      throw new AiosError(
        'STATE_INVALID',
        `What takes back the state with root ${hexOf(rootAfter)} was applied to the one with root ${hexOf(this.root)}. Take back chain blocks from the last one on, one by one.`,
      );
    for (let nth = 0; nth < accounts.count; nth++)
      this.accounts.set(
        accounts.addresses.subarray(nth * 20, nth * 20 + 20),
        accounts.values[nth * 2] as bigint,
        accounts.values[nth * 2 + 1] as bigint,
      );
    for (const entry of records) this.#set(entry);
    this.commit();
    if (Buffer.compare(this.root, rootBefore) !== 0)
      throw new AiosError(
        'STATE_INVALID',
        `The state that was taken back has root ${hexOf(this.root)}, not ${hexOf(rootBefore)} as before. The memory of this node is damaged: restart it, and it reads the stored state.`,
      );
  }

  /** @throws AiosError STATE_INVALID when one of them is no entry of a state; then this state is good for nothing */
  apply(changes: Iterable<StateEntry>): Undo {
    for (const entry of changes) this.#set(entry);
    return this.commit().undo;
  }

  /** Takes in a stored state. @throws AiosError STATE_INVALID */
  load(entries: Iterable<StateEntry>): void {
    let taken = 0;
    for (const entry of entries) {
      this.#set(entry);
      taken += 1;
      if (taken % LOAD_BATCH === 0) this.commit();
    }
    this.commit();
    this.#single(this.#totals, 'totals');
    this.#single(this.#progress, 'progress');
  }

  /** All of the state, in no order that means anything. Nothing may change meanwhile. */
  *entries(): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
    yield* this.accounts.entries();
    for (const table of this.#tables) yield* table.entries();
  }

  /** @param key of an entry */
  proof(key: Uint8Array): StateProof {
    return this.#tree.proof(sha256(key));
  }

  #set({ key, value }: StateEntry): void {
    const kind = key[0];
    if (kind === EntryKind.account) {
      if (key.length !== ACCOUNT_KEY_BYTES || (value && value.length !== ACCOUNT_VALUE_BYTES))
        throw invalid(key, 'accounts have 20 bytes of address, and 16 of balance and nonce');
      const [balance, nonce] = value ? new BigUint64Array(Uint8Array.from(value).buffer) : [0n, 0n];
      this.accounts.set(key.subarray(1), balance as bigint, nonce as bigint);
      this.accounts.keep();
      return;
    }
    const table = this.#tables.find((each) => each.kind === kind);
    if (!table) throw invalid(key, `there is no kind ${kind}`);
    try {
      table.setEncoded(hexOf(key.subarray(1)), value);
    } catch (error) {
      throw invalid(key, (error as Error).message);
    }
    this.#journal.keep();
  }

  #table<Value>(
    kind: number,
    codec: RecordCodec<Value>,
    changed?: (name: string, value: Value | undefined) => void,
  ): RecordTable<Value> {
    const table = new RecordTable<Value>({
      kind,
      codec,
      journal: this.#journal,
      ...(changed && { changed }),
    });
    // Here they are only committed, listed, and set from bytes.
    this.#tables.push(table as unknown as RecordTable<never>);
    return table;
  }

  #single<Value>(table: RecordTable<Value>, what: string): Value {
    const value = table.get(SINGLE);
    if (value === undefined)
      throw new AiosError(
        'STATE_INVALID',
        `The state has no ${what}: it is not complete. Start this node with --resync, and it gets another from its peers.`,
      );
    return value;
  }
}

const sha256 = (bytes: Uint8Array): Uint8Array => digest('sha256', bytes, 'buffer');

const invalid = (key: Uint8Array, why: string) =>
  new AiosError(
    'STATE_INVALID',
    `The entry ${hexOf(key)} is not one of a state: ${why}. Start this node with --resync, and it gets another from its peers.`,
  );
