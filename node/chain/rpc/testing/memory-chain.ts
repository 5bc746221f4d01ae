// A chain in memory that looks like a running node's: real headers, ids, blocks, signed transactions and proofs, and events of every kind where
// a test asks for them. Only transfers are executed, and nobody votes: it grows, reorganizes and becomes final on command.
import { createPrivateKey, createPublicKey, hash as digest, type KeyObject, sign } from 'node:crypto';
import { BitArray } from '@chainsafe/ssz';
import type {
  Admission,
  ChainChange,
  ChainHead,
  ChainView,
  DagBlockView,
  ExecutedBlock,
  MergedHeader,
  ValidatorView,
} from '../../engine/chain-view.ts';
import { TransactionStatus } from '../../state/chain-block.ts';
import { StateTree } from '../../state/state-tree.ts';
import type { SystemEvent } from '../../state/system-event.ts';
import { bodyRootOf, encodeBlock } from '../../types/block.ts';
import { genesisHeader, readGenesis } from '../../types/genesis.ts';
import { blockIdOf, HEADER_VERSION, type SignedHeader } from '../../types/header.ts';
import { type BlockId, bytesOf, hexOf } from '../../types/identifiers.ts';
import type { Operation } from '../../types/operation.ts';
import {
  addressOf,
  decodeTransaction,
  encodeTransaction,
  signedBytes,
  transactionIdOf,
} from '../../types/transaction.ts';
import type { Certificate, Checkpoint } from '../../types/vote.ts';

export class TestAccount {
  readonly #key: KeyObject;
  readonly publicKey: Uint8Array;
  readonly address: Uint8Array;
  readonly hex: string;

  constructor(name: string) {
    const seed = digest('sha256', name, 'buffer');
    // PKCS #8 of an Ed25519 key: a fixed beginning, then the seed.
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    this.#key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    this.publicKey = Uint8Array.from(
      createPublicKey(this.#key).export({ format: 'der', type: 'spki' }).subarray(-32),
    );
    this.address = addressOf(this.publicKey);
    this.hex = hexOf(this.address);
  }

  /** Signed and encoded. */
  transaction(
    nonce: bigint,
    operations: readonly Operation[],
    { chainId = 4_242, fee = 1_000n } = {},
  ): Uint8Array {
    const unsigned = { chainId, publicKey: this.publicKey, nonce, fee, operations };
    return encodeTransaction({
      ...unsigned,
      signature: Uint8Array.from(sign(null, signedBytes(unsigned), this.#key)),
    });
  }
}

export const GENESIS_TIME = 1_800_000_000_000;
const AIOS = 1_000_000_000n;
const key = (address: Uint8Array) => new Uint8Array(digest('sha256', address, 'buffer'));

interface Account {
  balance: bigint;
  nonce: bigint;
}

interface ChainState {
  readonly block: ExecutedBlock;
  readonly accounts: ReadonlyMap<string, Account>;
}

export interface GrowOptions {
  readonly transactions?: readonly Uint8Array[];
  /** Events that belong to no transaction, behind the others. */
  readonly events?: readonly SystemEvent[];
  /** Blocks beside the chain block that it merges; reds, when told. */
  readonly siblings?: number;
  readonly red?: boolean;
  /** Makes another block of what would be the same one. */
  readonly salt?: string;
}

export class MemoryChain implements ChainView {
  readonly genesis;
  readonly genesisId: BlockId;
  readonly validators: readonly ValidatorView[];
  readonly peers = [{ peer: '12D3KooWTest', score: 1, head: undefined }];
  readonly supply = { circulating: 7n, reserve: 1n, treasury: 2n, burned: 3n, staked: 4n };
  oldest = 0;
  /** What `submit` says to transactions; undefined admits them. */
  refuse: ((encoded: Uint8Array) => { readonly code: string; readonly why: string } | undefined) | undefined;
  readonly #states: ChainState[] = [];
  readonly #dag = new Map<BlockId, DagBlockView & { readonly children: BlockId[] }>();
  readonly #executed = new Map<BlockId, ExecutedBlock>();
  readonly #listeners = new Set<(change: ChainChange) => void>();
  readonly #pendingListeners = new Set<(id: Uint8Array) => void>();
  #mempool: Uint8Array[] = [];
  #justified = 0;
  #finalized = 0;

  constructor(rich: readonly TestAccount[], balance = 1_000_000n * AIOS) {
    const validators = Array.from({ length: 4 }, (_, nth) => new TestAccount(`validator ${nth}`));
    this.genesis = readGenesis({
      parameters: { chainId: 4_242, genesisTime: GENESIS_TIME },
      reserve: '5000000000000000000',
      treasury: '0',
      accounts: rich.map(({ hex }) => ({ address: hex, balance: String(balance) })),
      validators: validators.map(({ hex }) => ({
        address: hex,
        stake: String(10_000n * AIOS),
        votingKey: 'ab'.repeat(48),
        proofOfPossession: 'cd'.repeat(96),
      })),
    });
    this.validators = validators.map(({ hex }) => ({
      address: hex,
      votingKey: new Uint8Array(48),
      ownStake: 10_000n * AIOS,
      pool: 10_000n * AIOS,
      active: true,
      missed: 0,
      counted: 10,
    }));
    const accounts = new Map(rich.map(({ hex }) => [hex, { balance, nonce: 0n }]));
    const header = { ...genesisHeader(this.genesis, stateRootOf(accounts)), signature: new Uint8Array(96) };
    this.genesisId = blockIdOf(header);
    this.#remember(this.genesisId, header, undefined, [], 0);
    const block: ExecutedBlock = {
      index: 0,
      id: this.genesisId,
      parent: undefined,
      header,
      round: 0,
      blueScore: 0,
      stateRoot: bytesOf(header.stateRoot),
      merged: [],
      transactions: [],
      events: [],
      bytes: 0,
    };
    this.#executed.set(block.id, block);
    this.#states.push({ block, accounts });
  }

  get head(): ChainHead {
    return { latest: this.#states.length - 1, justified: this.#justified, finalized: this.#finalized };
  }

  /** Adds a block to the chain, and says so. */
  grow(options: GrowOptions = {}): ExecutedBlock {
    const block = this.#append(options);
    this.#tell({ removed: [], added: [{ index: block.index, id: block.id }], head: this.head });
    return block;
  }

  /** Puts other blocks in the place of the last ones, and says so once. */
  reorganize(depth: number, instead: readonly GrowOptions[]): ExecutedBlock[] {
    const removed = this.#states
      .splice(this.#states.length - depth)
      .map(({ block: { index, id } }) => ({ index, id }))
      .reverse();
    for (const { id } of removed) this.#executed.delete(id);
    const added = instead.map((options, nth) => this.#append({ salt: `branch ${nth}`, ...options }));
    this.#tell({ removed, added: added.map(({ index, id }) => ({ index, id })), head: this.head });
    return added;
  }

  /** @param justified default the same */
  finalize(finalized: number, justified = finalized): void {
    this.#finalized = finalized;
    this.#justified = justified;
    this.#tell({ removed: [], added: [], head: this.head });
  }

  block(at: number | BlockId): ExecutedBlock | undefined {
    return typeof at === 'string' ? this.#executed.get(at) : this.#states[at]?.block;
  }

  idAt(index: number): BlockId | undefined {
    return this.#states[index]?.block.id;
  }

  indexOf(id: BlockId): number | undefined {
    return this.#executed.get(id)?.index;
  }

  transaction(id: Uint8Array): { readonly index: number; readonly place: number } | undefined {
    for (const { block } of this.#states) {
      const place = block.transactions.findIndex((each) => Buffer.compare(each.id, id) === 0);
      if (place >= 0) return { index: block.index, place };
    }
    return undefined;
  }

  account(address: Uint8Array): { readonly balance: bigint; readonly nonce: bigint } {
    return this.#accounts().get(hexOf(address)) ?? { balance: 0n, nonce: 0n };
  }

  pendingNonce(address: Uint8Array): bigint {
    const sender = hexOf(address);
    const waiting = this.#mempool.filter((encoded) => senderOf(encoded) === sender).length;
    return this.account(address).nonce + BigInt(waiting);
  }

  proof(address: Uint8Array): ReturnType<ChainView['proof']> {
    const { block, accounts } = this.#states[this.#finalized] as ChainState;
    return {
      checkpoint: this.#checkpoint(this.#finalized),
      stateRoot: block.stateRoot,
      account: accounts.get(hexOf(address)),
      proof: treeOf(accounts).proof(key(address)),
      certificates: this.certificates(),
    };
  }

  dagBlock(id: BlockId): DagBlockView | undefined {
    const block = this.#dag.get(id);
    return block && { ...block, onSelectedChain: this.#executed.has(id) };
  }

  get tips(): readonly BlockId[] {
    return [(this.#states.at(-1) as ChainState).block.id];
  }

  get mempool() {
    return {
      transactions: this.#mempool.length,
      bytes: this.#mempool.reduce((sum, { length }) => sum + length, 0),
    };
  }

  certificates(epoch?: number): readonly Certificate[] {
    if (this.#finalized === 0 || (epoch !== undefined && epoch !== this.#checkpoint(this.#finalized).epoch))
      return [];
    const certificate: Certificate = {
      source: this.#checkpoint(0),
      target: this.#checkpoint(this.#finalized),
      stateRoot: hexOf((this.#states[this.#finalized] as ChainState).block.stateRoot),
      signers: BitArray.fromBoolArray([true, true, false, true]),
      signature: new Uint8Array(96).fill(7),
    };
    return [certificate];
  }

  async submit(encoded: Uint8Array): Promise<Admission> {
    const refused = this.refuse?.(encoded);
    if (refused) return { admitted: false, ...refused };
    try {
      decodeTransaction(encoded);
    } catch (error) {
      return { admitted: false, code: 'MALFORMED', why: (error as Error).message };
    }
    this.#mempool.push(encoded);
    const id = transactionIdOf(encoded);
    for (const listener of this.#pendingListeners) listener(id);
    return { admitted: true, id };
  }

  /** Takes what waits. */
  takeMempool(): Uint8Array[] {
    return this.#mempool.splice(0);
  }

  follow(listener: (change: ChainChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  followPending(listener: (id: Uint8Array) => void): () => void {
    this.#pendingListeners.add(listener);
    return () => this.#pendingListeners.delete(listener);
  }

  /** How many follow the chain or what waits. */
  get followers(): number {
    return this.#listeners.size + this.#pendingListeners.size;
  }

  #tell(change: ChainChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  #accounts(): ReadonlyMap<string, Account> {
    return (this.#states.at(-1) as ChainState).accounts;
  }

  #checkpoint(index: number): Checkpoint {
    const { block } = this.#states[index] as ChainState;
    return { epoch: Math.floor(block.round / 2), block: block.id };
  }

  #append({
    transactions = [],
    events = [],
    siblings = 0,
    red = false,
    salt = '',
  }: GrowOptions): ExecutedBlock {
    const { block: before, accounts: old } = this.#states.at(-1) as ChainState;
    const round = before.round + 1;
    const merged: MergedHeader[] = [];
    let bytes = 0;
    const make = (
      name: string,
      parents: readonly BlockId[],
      body: readonly Uint8Array[],
      blueScore: number,
    ) => {
      const header: SignedHeader = {
        version: HEADER_VERSION,
        chainId: this.genesis.parameters.chainId,
        parents: [...parents].sort(),
        timestamp: GENESIS_TIME + round * 1_000 + (digest('sha256', name, 'buffer')[0] as number),
        proposer: (this.validators[merged.length % 4] as ValidatorView).address,
        finalized: this.#checkpoint(this.#finalized),
        stateRoot: hexOf((this.#states[this.#finalized] as ChainState).block.stateRoot),
        bodyRoot: bodyRootOf(
          [],
          body.map((encoded) => transactionIdOf(encoded)),
        ),
        signature: new Uint8Array(96).fill(merged.length),
      };
      const id = blockIdOf(header);
      bytes += encodeBlock({ header, certificates: [], transactions: body }).length;
      merged.push({
        id,
        header,
        round,
        blue: name.endsWith('chain') || !red,
        blueScore,
        selectedParent: before.id,
        transactions: body.length,
      });
      return { id, header };
    };
    for (let nth = 0; nth < siblings; nth++)
      make(`${salt}/${round}/${nth}`, [before.id], [], before.blueScore + 1);
    const beside = merged.map(({ id }) => id);
    const blueScore = before.blueScore + 1 + (red ? 0 : beside.length);
    const { id, header } = make(`${salt}/${round}/chain`, [before.id, ...beside], transactions, blueScore);
    for (const each of beside) {
      const { header: theirs } = merged.find((one) => one.id === each) as MergedHeader;
      this.#remember(each, theirs, before.id, [before.id], before.blueScore + 1);
    }
    this.#remember(
      id,
      header,
      before.id,
      red ? [before.id] : [before.id, ...beside],
      blueScore,
      red ? beside : [],
    );
    const { accounts, executed, happened } = execute(old, transactions);
    const block: ExecutedBlock = {
      index: before.index + 1,
      id,
      parent: before.id,
      header,
      round,
      blueScore,
      stateRoot: bytesOf(stateRootOf(accounts)),
      merged,
      transactions: executed,
      events: [...happened, ...events.map((event) => ({ event, transaction: undefined }))],
      bytes,
    };
    this.#executed.set(id, block);
    this.#states.push({ block, accounts });
    return block;
  }

  #remember(
    id: BlockId,
    header: SignedHeader,
    selectedParent: BlockId | undefined,
    blues: readonly BlockId[],
    blueScore: number,
    reds: readonly BlockId[] = [],
  ): void {
    for (const parent of header.parents) this.#dag.get(parent)?.children.push(id);
    this.#dag.set(id, {
      id,
      header,
      round: Math.max(0, Math.floor((header.timestamp - GENESIS_TIME) / 1_000)),
      blueScore,
      selectedParent,
      blues,
      reds,
      children: [],
      onSelectedChain: false,
      transactions: 0,
    });
  }
}

/** Accounts that never change are shared: a block of thousands costs what it changes. */
function execute(old: ReadonlyMap<string, Account>, transactions: readonly Uint8Array[]) {
  const accounts = new Map(old);
  const of = (address: string) => ({ ...(accounts.get(address) ?? { balance: 0n, nonce: 0n }) });
  const executed: ExecutedBlock['transactions'][number][] = [];
  const happened: { event: SystemEvent; transaction: number | undefined }[] = [];
  for (const encoded of transactions) {
    const { publicKey, operations, fee } = decodeTransaction(encoded);
    const from = hexOf(addressOf(publicKey));
    const transfers = operations.flatMap((operation) =>
      operation.kind === 'transfer'
        ? [operation]
        : operation.kind === 'multiTransfer'
          ? operation.transfers
          : [],
    );
    const total = transfers.reduce((sum, { amount }) => sum + amount, 0n);
    const sender = of(from);
    const paid = fee * BigInt(operations.length);
    const works = sender.balance >= total + paid;
    sender.nonce += 1n;
    sender.balance -= works ? total + paid : paid;
    accounts.set(from, sender);
    for (const { to, amount } of works ? transfers : []) {
      const receiver = of(hexOf(to));
      receiver.balance += amount;
      accounts.set(hexOf(to), receiver);
      const event = { kind: 'transfer', from, to: hexOf(to), amount } as const;
      happened.push({ event, transaction: executed.length });
    }
    executed.push({
      id: transactionIdOf(encoded),
      sender: bytesOf(from),
      encoded,
      status: works ? TransactionStatus.executed : TransactionStatus.failed,
    });
  }
  return { accounts, executed, happened };
}

function treeOf(accounts: ReadonlyMap<string, Account>): StateTree {
  const tree = new StateTree();
  tree.update(
    [...accounts].map(([address, { balance, nonce }]) => ({
      key: key(bytesOf(address)),
      valueHash: new Uint8Array(digest('sha256', `${balance}/${nonce}`, 'buffer')),
    })),
  );
  return tree;
}

const stateRootOf = (accounts: ReadonlyMap<string, Account>): string => hexOf(treeOf(accounts).root);
const senderOf = (encoded: Uint8Array): string => hexOf(addressOf(decodeTransaction(encoded).publicKey));
