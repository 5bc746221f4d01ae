// A chain to look at without validators: a DAG as an honest network makes it, ordered by the real GHOSTDAG, in which events of every kind happen
// by the seed. The chain's own RPC serves it, so that an indexer cannot tell it from a node. Nothing is executed or voted on.
import { hash as digest } from 'node:crypto';
import { BlockDag } from '#node/chain/dag/block-dag.ts';
import { seeded } from '#node/chain/dag/testing/random-dag.ts';
import type {
  ChainChange,
  ChainHead,
  ChainView,
  ExecutedBlock,
  ExecutedTransaction,
  MergedHeader,
} from '#node/chain/engine/chain-view.ts';
import { TestAccount } from '#node/chain/rpc/testing/memory-chain.ts';
import { TransactionStatus } from '#node/chain/state/chain-block.ts';
import type { SystemEvent } from '#node/chain/state/system-event.ts';
import { genesisHeader, readGenesis } from '#node/chain/types/genesis.ts';
import { blockIdOf, HEADER_VERSION, type SignedHeader } from '#node/chain/types/header.ts';
import { type AddressHex, type BlockId, bytesOf, hexOf } from '#node/chain/types/identifiers.ts';
import type { Operation } from '#node/chain/types/operation.ts';
import { transactionIdOf } from '#node/chain/types/transaction.ts';

const AIOS = 1_000_000_000n;
const zeros = '00'.repeat(32);
const hashOf = (text: string) => new Uint8Array(digest('sha256', text, 'buffer'));

export interface SampleChainOptions {
  readonly seed: number;
  /** Beginning of round 0, milliseconds since 1970. */
  readonly genesisTime: number;
  readonly chainId?: number;
  readonly validators?: number;
  /** Most transactions of a block. */
  readonly transactions?: number;
}

interface Made {
  readonly id: BlockId;
  readonly header: SignedHeader;
  readonly round: number;
  readonly transactions: readonly ExecutedTransaction[];
  /** Of each transaction, what it brings about. */
  readonly events: readonly (readonly SystemEvent[])[];
}

/** What one validator has seen: blocks, and those of them without children among them. */
interface Sight {
  readonly known: Set<BlockId>;
  readonly tips: Set<BlockId>;
}

export class SampleChain {
  readonly genesis;
  readonly genesisId: BlockId;
  readonly validators: readonly AddressHex[];
  readonly accounts: readonly TestAccount[];
  readonly #random: () => number;
  readonly #options: Required<SampleChainOptions>;
  readonly #dag: BlockDag;
  readonly #made = new Map<BlockId, Made>();
  readonly #sights: Sight[];
  /** Blocks on their way: in which round who sees them. */
  readonly #onTheWay: { readonly round: number; readonly viewer: number; readonly id: BlockId }[] = [];
  readonly #chain: ExecutedBlock[] = [];
  readonly #byId = new Map<BlockId, ExecutedBlock>();
  readonly #places = new Map<string, { index: number; place: number }>();
  readonly #listeners = new Set<(change: ChainChange) => void>();
  readonly #pools = new Map<AddressHex, bigint>();
  readonly #tasks: { id: Uint8Array; payer: string; agent: string; amount: bigint }[] = [];
  #nonce = 0n;
  #round = 0;
  #checkpoints: { readonly epoch: number; readonly index: number }[] = [];
  #justified = 0;
  #finalized = 0;

  constructor(options: SampleChainOptions) {
    this.#options = { chainId: 1_051, validators: 4, transactions: 6, ...options };
    const { seed, genesisTime, chainId } = this.#options;
    this.#random = seeded(seed);
    const validators = Array.from(
      { length: this.#options.validators },
      (_, nth) => new TestAccount(`validator ${seed}/${nth}`),
    );
    this.accounts = Array.from({ length: 24 }, (_, nth) => new TestAccount(`account ${seed}/${nth}`));
    this.validators = validators.map(({ hex }) => hex);
    for (const [nth, address] of this.validators.entries())
      this.#pools.set(address, BigInt(40_000 + 25_000 * nth) * AIOS);
    this.genesis = readGenesis({
      parameters: { chainId, genesisTime },
      reserve: '5000000000000000000',
      treasury: '0',
      accounts: this.accounts.map(({ hex }) => ({ address: hex, balance: String(1_000_000n * AIOS) })),
      validators: validators.map(({ hex }) => ({
        address: hex,
        stake: String(this.#pools.get(hex)),
        votingKey: 'ab'.repeat(48),
        proofOfPossession: 'cd'.repeat(96),
      })),
    });
    const header = { ...genesisHeader(this.genesis, zeros), signature: new Uint8Array(96) };
    this.genesisId = blockIdOf(header);
    this.#dag = new BlockDag({ k: 3, genesis: this.genesisId });
    this.#made.set(this.genesisId, { id: this.genesisId, header, round: 0, transactions: [], events: [] });
    this.#sights = this.validators.map(() => ({
      known: new Set([this.genesisId]),
      tips: new Set([this.genesisId]),
    }));
    this.#put({
      index: 0,
      id: this.genesisId,
      parent: undefined,
      header,
      round: 0,
      blueScore: 0,
      stateRoot: bytesOf(zeros),
      merged: [],
      transactions: [],
      // The last one is left out: a genesis need not tell of stakes.
      events: this.validators.slice(0, -1).flatMap((validator) => {
        const amount = this.#pools.get(validator) as bigint;
        return [
          {
            event: { kind: 'staked', validator, owner: validator, amount, pool: amount } as const,
            transaction: undefined,
          },
          { event: { kind: 'validatorChanged', validator, active: true } as const, transaction: undefined },
        ];
      }),
      bytes: 0,
    });
  }

  /** The executed blocks of the selected chain, the genesis first. */
  get blocks(): readonly ExecutedBlock[] {
    return this.#chain;
  }

  get round(): number {
    return this.#round;
  }

  get head(): ChainHead {
    return { latest: this.#chain.length - 1, justified: this.#justified, finalized: this.#finalized };
  }

  /** What the RPC reads. What it is never asked for here is missing. */
  get view(): ChainView {
    const chain = this;
    const { genesis, genesisId } = this;
    const parts: Partial<ChainView> = {
      genesis,
      genesisId,
      get head() {
        return chain.head;
      },
      oldest: 0,
      block: (at) => (typeof at === 'string' ? this.#byId.get(at) : this.#chain[at]),
      idAt: (index) => this.#chain[index]?.id,
      indexOf: (id) => this.#byId.get(id)?.index,
      transaction: (id) => this.#places.get(hexOf(id)),
      account: () => ({ balance: 0n, nonce: 0n }),
      pendingNonce: () => 0n,
      follow: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      followPending: () => () => undefined,
    };
    return parts as ChainView;
  }

  /** Makes the blocks of the next round, and executes what has settled. */
  step(): void {
    this.#round++;
    const arrived = this.#onTheWay.filter(({ round }) => round <= this.#round);
    for (const each of arrived) {
      this.#onTheWay.splice(this.#onTheWay.indexOf(each), 1);
      this.#see(each.viewer, each.id);
    }
    for (const viewer of this.validators.keys()) {
      // Now and then somebody is away for a round.
      if (this.#random() < 0.06) continue;
      this.#propose(viewer);
    }
    this.#execute();
  }

  #see(viewer: number, id: BlockId): void {
    const { known, tips } = this.#sights[viewer] as Sight;
    if (known.has(id)) return;
    known.add(id);
    const { header } = this.#made.get(id) as Made;
    for (const parent of header.parents) {
      this.#see(viewer, parent);
      tips.delete(parent);
    }
    tips.add(id);
  }

  #propose(viewer: number): void {
    const round = this.#round;
    const { tips } = this.#sights[viewer] as Sight;
    const parents = [...tips].sort((a, b) => this.#dag.compare(b, a)).slice(0, 8);
    const { genesisTime, chainId, transactions: most } = this.#options;
    const count = Math.floor(this.#random() * (most + 1));
    const contents = Array.from({ length: count }, () => this.#transaction());
    const header: SignedHeader = {
      version: HEADER_VERSION,
      chainId,
      parents: parents.sort(),
      timestamp: genesisTime + round * 1_000 + 40 + Math.floor(this.#random() * 300),
      proposer: this.validators[viewer] as AddressHex,
      finalized: { epoch: 0, block: this.genesisId },
      stateRoot: zeros,
      bodyRoot: hexOf(hashOf(`${this.#options.seed} body ${round} ${viewer}`)),
      signature: new Uint8Array(96),
    };
    const id = blockIdOf(header);
    this.#dag.add({ id, parents: header.parents });
    this.#made.set(id, {
      id,
      header,
      round,
      transactions: contents.map(({ transaction }) => transaction),
      events: contents.map(({ events }) => events),
    });
    this.#see(viewer, id);
    // Some blocks stay with their maker for a while, and come too late to be blue.
    const kept = this.#random() < 0.02 ? 3 + Math.floor(this.#random() * 3) : 0;
    for (const other of this.validators.keys()) {
      if (other === viewer) continue;
      const late = this.#random() < 0.03 ? 1 : 0;
      this.#onTheWay.push({ round: round + 1 + late + kept, viewer: other, id });
    }
  }

  /** A signed transaction with what it brings about; mostly a transfer. */
  #transaction(): { transaction: ExecutedTransaction; events: SystemEvent[] } {
    const pick = () => this.accounts[Math.floor(this.#random() * this.accounts.length)] as TestAccount;
    const sender = pick();
    const from = sender.hex;
    const amount = (1n + BigInt(Math.floor(this.#random() * 900))) * (AIOS / 10n);
    const failed = this.#random() < 0.03;
    const { operations, events } = this.#operations(sender, pick, amount);
    const encoded = sender.transaction(this.#nonce++, operations, { chainId: this.#options.chainId });
    return {
      transaction: {
        id: transactionIdOf(encoded),
        sender: bytesOf(from),
        encoded,
        status: failed ? TransactionStatus.failed : TransactionStatus.executed,
      },
      events: failed ? [] : events,
    };
  }

  #operations(
    sender: TestAccount,
    pick: () => TestAccount,
    amount: bigint,
  ): { operations: Operation[]; events: SystemEvent[] } {
    const from = sender.hex;
    const dice = this.#random();
    if (dice < 0.04) {
      const validator = this.validators[Math.floor(this.#random() * this.validators.length)] as AddressHex;
      const stake = amount * 100n;
      return {
        operations: [{ kind: 'delegate', validator: bytesOf(validator), amount: stake }],
        // The pool is filled in when it is executed.
        events: [{ kind: 'staked', validator, owner: from, amount: stake, pool: 0n }],
      };
    }
    if (dice < 0.06) {
      const validator = this.validators[Math.floor(this.#random() * this.validators.length)] as AddressHex;
      return {
        operations: [{ kind: 'undelegate', validator: bytesOf(validator), amount }],
        events: [{ kind: 'unstaked', validator, owner: from, amount, pool: 0n, releaseEpoch: 0 }],
      };
    }
    if (dice < 0.1) {
      const id = hashOf(`task ${this.#options.seed} ${this.#nonce}`);
      const agent = pick();
      const untilRound = BigInt(this.#round + 50);
      return {
        operations: [{ kind: 'taskEscrow', task: id, agent: agent.address, amount, untilRound }],
        events: [{ kind: 'taskEscrowed', task: id, payer: from, agent: agent.hex, amount, untilRound }],
      };
    }
    if (dice < 0.12) {
      const did = `did:example:${from.slice(0, 12)}`;
      const document = hashOf(`document ${this.#nonce}`);
      return {
        operations: [{ kind: 'registerDid', did, document }],
        events: [{ kind: 'didRegistered', owner: from, did, document }],
      };
    }
    if (dice < 0.2) {
      const transfers = Array.from({ length: 3 }, () => ({ to: pick().address, amount }));
      return {
        operations: [{ kind: 'multiTransfer', transfers }],
        events: transfers.map(({ to }) => ({ kind: 'transfer', from, to: hexOf(to), amount })),
      };
    }
    const to = pick();
    return {
      operations: [{ kind: 'transfer', to: to.address, amount }],
      events: [{ kind: 'transfer', from, to: to.hex, amount }],
    };
  }

  /** The selected chain as far as no late block changes it any more. */
  #execute(): void {
    const settled: BlockId[] = [];
    // As a node follows the chain of its last checkpoint: what was executed stays.
    const last = (this.#chain.at(-1) as ExecutedBlock).id;
    const [tip] = this.#dag.tips
      .filter((each) => this.#dag.isChainAncestor(last, each))
      .sort((a, b) => this.#dag.compare(b, a));
    for (let id = tip; id && id !== last; id = this.#dag.order(id).selectedParent) settled.push(id);
    const added: { index: number; id: BlockId }[] = [];
    for (const id of settled.reverse()) {
      const { round } = this.#made.get(id) as Made;
      if (round > this.#round - SETTLED_AFTER) break;
      const block = this.#executed(id);
      this.#put(block);
      added.push({ index: block.index, id });
    }
    if (added.length === 0) return;
    const change = { removed: [], added, head: this.head };
    for (const listener of [...this.#listeners]) listener(change);
  }

  #put(block: ExecutedBlock): void {
    this.#chain.push(block);
    this.#byId.set(block.id, block);
    for (const [place, { id }] of block.transactions.entries())
      this.#places.set(hexOf(id), { index: block.index, place });
  }

  #executed(id: BlockId): ExecutedBlock {
    const before = this.#chain.at(-1) as ExecutedBlock;
    const { selectedParent = this.genesisId, blueScore, blues } = this.#dag.order(id);
    const blue = new Set(blues);
    const index = before.index + 1;
    const { header, round } = this.#made.get(id) as Made;
    const transactions: ExecutedTransaction[] = [];
    const events: { event: SystemEvent; transaction: number | undefined }[] = [];
    const epoch = Math.floor(round / 2);
    for (const event of this.#finality(epoch, index)) events.push({ event, transaction: undefined });
    const merged: MergedHeader[] = [...this.#dag.mergeset(id), id].map((each): MergedHeader => {
      const made = this.#made.get(each) as Made;
      const order = this.#dag.order(each);
      for (const [nth, transaction] of made.transactions.entries()) {
        for (const event of made.events[nth] ?? [])
          events.push({ event: this.#settled(event, epoch), transaction: transactions.length });
        transactions.push(transaction);
      }
      return {
        id: each,
        header: made.header,
        round: made.round,
        blue: each === id || blue.has(each),
        blueScore: order.blueScore,
        selectedParent: order.selectedParent ?? this.genesisId,
        transactions: made.transactions.length,
      };
    });
    for (const event of this.#closing(epoch, before, transactions.length))
      events.push({ event, transaction: undefined });
    return {
      ...{ index, id, parent: selectedParent, header, round, blueScore },
      stateRoot: hashOf(`state ${id}`),
      ...{ merged, transactions, events },
      bytes: 400 * merged.length,
    };
  }

  /** Fills in what is known only where an event takes place. */
  #settled(event: SystemEvent, epoch: number): SystemEvent {
    if (event.kind === 'staked') return { ...event, pool: this.#change(event.validator, event.amount) };
    if (event.kind === 'taskEscrowed') {
      const { task: id, payer, agent, amount } = event;
      this.#tasks.push({ id, payer, agent, amount });
    }
    if (event.kind !== 'unstaked') return event;
    const releaseEpoch = epoch + 8;
    this.#unbonding.push({ ...event, releaseEpoch });
    return { ...event, pool: this.#change(event.validator, -event.amount), releaseEpoch };
  }

  readonly #unbonding: { validator: AddressHex; owner: AddressHex; amount: bigint; releaseEpoch: number }[] =
    [];

  #change(validator: AddressHex, amount: bigint): bigint {
    const pool = (this.#pools.get(validator) as bigint) + amount;
    this.#pools.set(validator, pool);
    return pool;
  }

  /** In the first chain block of an epoch, the certificates of the one before. */
  #finality(epoch: number, index: number): SystemEvent[] {
    const last = this.#checkpoints.at(-1);
    const newest = Math.floor((this.#chain.at(-1) as ExecutedBlock).round / 2);
    if (epoch === newest) return [];
    const events: SystemEvent[] = [];
    const total = [...this.#pools.values()].reduce((sum, each) => sum + each, 0n);
    const block = (at: number) => this.#chain[at] as ExecutedBlock;
    // Now and then too few votes come in time, and the epoch is passed over.
    if (last && this.#random() > 0.04) {
      const at = block(last.index);
      events.push({
        ...{ kind: 'checkpointJustified', epoch: last.epoch, block: at.id },
        ...{ stateRoot: hexOf(at.stateRoot), totalStake: total },
        signedStake: total - (this.#pools.get(this.validators[epoch % 4] as string) ?? 0n) / 4n,
      });
      const source = this.#checkpoints.at(-2);
      if (source && this.#justified === source.index && last.epoch === source.epoch + 1) {
        const final = block(source.index);
        events.push({
          ...{ kind: 'checkpointFinalized', epoch: source.epoch, block: final.id },
          stateRoot: hexOf(final.stateRoot),
        });
        this.#finalized = source.index;
      }
      this.#justified = last.index;
    }
    this.#checkpoints = [...this.#checkpoints.slice(-1), { epoch, index: index - 1 }];
    return events;
  }

  /** What the chain does by itself at the end of a chain block. */
  #closing(epoch: number, before: ExecutedBlock, transactions: number): SystemEvent[] {
    const events: SystemEvent[] = [];
    const fees = BigInt(transactions) * 1_000n;
    if (fees > 0n)
      events.push({
        ...{ kind: 'feesSplit', burned: fees / 5n, stakers: (fees * 3n) / 10n },
        treasury: fees / 2n,
      });
    if (epoch === Math.floor(before.round / 2)) return events;
    for (const validator of this.validators) {
      const voted = this.#random() > 0.03;
      events.push({ kind: 'dutiesCounted', epoch: Math.max(0, epoch - 4), validator, voted });
      if (!voted) continue;
      const amount = (this.#pools.get(validator) as bigint) / 1_000_000n;
      events.push({ kind: 'rewarded', validator, epoch, amount, commission: amount / 10n });
      this.#change(validator, amount);
    }
    for (const one of this.#unbonding.filter(({ releaseEpoch }) => releaseEpoch <= epoch)) {
      this.#unbonding.splice(this.#unbonding.indexOf(one), 1);
      events.push({ kind: 'withdrawn', validator: one.validator, owner: one.owner, amount: one.amount });
    }
    const task = this.#random() < 0.5 ? this.#tasks.shift() : undefined;
    if (task) {
      const { id, payer, agent, amount } = task;
      const result = hashOf(`result ${hexOf(id)}`);
      if (this.#random() < 0.3) events.push({ kind: 'taskRefunded', task: id, payer, agent, amount });
      else
        events.push({
          ...{ kind: 'taskSettled', task: id, payer, agent },
          ...{ paid: (amount * 9n) / 10n, returned: amount - (amount * 9n) / 10n, result },
        });
    }
    if (epoch % 40 === 30) {
      const validator = this.validators[1] as AddressHex;
      const amount = (this.#pools.get(validator) as bigint) / 100n;
      this.#change(validator, -amount);
      events.push(
        {
          ...{ kind: 'slashed', validator, reason: 'DOWNTIME', amount, reporter: '00'.repeat(20) },
          evidence: new Uint8Array(32),
        },
        { kind: 'validatorChanged', validator, active: false },
      );
    }
    if (epoch % 40 === 36)
      events.push({ kind: 'validatorChanged', validator: this.validators[1] as AddressHex, active: true });
    return events;
  }
}

/** Rounds after which what is on the selected chain stays there. */
const SETTLED_AFTER = 3;
