// Begins a chain in an empty store, or goes on with what is in it: the state that was folded, all blocks, and the execution of what came after.
import { AiosError } from '#node/platform/errors.ts';
import { Mempool, type MempoolLimits } from '../mempool/mempool.ts';
import type { Network } from '../net/network.ts';
import { Ledger } from '../state/ledger.ts';
import { encodeReceipts } from '../state/receipts.ts';
import type { PairHasher } from '../state/state-tree.ts';
import type { ChainStore } from '../store/chain-store.ts';
import { genesisId } from '../types/genesis.ts';
import { type BlockId, bytesOf, hexOf } from '../types/identifiers.ts';
import type { Checkpoint } from '../types/vote.ts';
import { ChainNode, type ChainNodeOptions } from './chain-node.ts';
import { decodeFinalityFact, FINALITY_FACT } from './finality-fact.ts';

export interface OpenNodeOptions<Store extends ChainStore, Joined extends Network>
  extends Pick<ChainNodeOptions, 'genesis' | 'bls' | 'signatures' | 'clock' | 'log'> {
  /** Of the chain that begins with this block. */
  readonly openStore: (genesis: BlockId) => Store | Promise<Store>;
  /** Whose protocols carry the id of the genesis. */
  readonly joinNetwork: (genesis: BlockId) => Joined | Promise<Joined>;
  readonly hashPairs?: PairHasher;
  readonly mempoolLimits?: Partial<MempoolLimits>;
  /** Called now and then while blocks are read. */
  readonly onProgress?: (blocks: number) => void;
}

export interface OpenNode<Store extends ChainStore, Joined extends Network> {
  readonly store: Store;
  readonly network: Joined;
  readonly node: ChainNode;
  readonly ledger: Ledger;
  readonly mempool: Mempool;
}

const GENESIS_FACT = 'genesis';
const reportEvery = 5_000;

/**
 * @throws AiosError STORE_FOREIGN when the store is another chain's; STATE_DIVERGED when what is executed again comes out otherwise than before
 */
export async function openNode<Store extends ChainStore, Joined extends Network>(
  options: OpenNodeOptions<Store, Joined>,
): Promise<OpenNode<Store, Joined>> {
  const { genesis, bls, clock, hashPairs } = options;
  const first = Ledger.atGenesis(genesis, { bls, ...(hashPairs && { hashPairs }) });
  const genesisRoot = hexOf(first.root);
  const id = genesisId(genesis, genesisRoot);
  const store = await options.openStore(id);
  if (store.last === undefined) begin(store, first, id);
  else checkGenesis(store, id);
  await store.commit();
  const { folded } = store;
  const at = folded && { index: folded.index, id: idOf(store, folded.index) };
  if (!at) throw new AiosError('STORE_CORRUPT', 'The store has blocks and no state. Start with --resync.');
  const ledger =
    at.index === 0
      ? first
      : Ledger.from(genesis, id, folded.entries(), { bls, ...(hashPairs && { hashPairs }) });
  const fact = store.fact(FINALITY_FACT);
  const finality = fact && decodeFinalityFact(fact);
  const finalized: Checkpoint = finality?.finalized ?? { epoch: 0, block: id };
  const mempool = new Mempool({
    chainId: genesis.parameters.chainId,
    minimumFee: genesis.parameters.minimumFee,
    accountOf: (address) => ledger.account(address),
    now: () => clock.now(),
    stakeOf: (address) => ledger.stakeOf(hexOf(address), hexOf(address)),
    minimumStake: genesis.parameters.minimumStake,
    limits: { roundMs: genesis.parameters.roundMs, ...options.mempoolLimits },
  });
  const network = await options.joinNetwork(id);
  const node = new ChainNode({ ...options, store, network, ledger, genesisRoot, at, finalized, mempool });
  for (const [block, electorate] of finality?.electorates ?? [])
    node.executed.keepElectorate(block, electorate);
  replay(store, node, at.index, options.onProgress);
  return { store, network, node, ledger, mempool };
}

function begin(store: ChainStore, ledger: Ledger, id: BlockId): void {
  store.putFact(GENESIS_FACT, bytesOf(id));
  store.putRecord({
    ...{ index: 0, id, stateRoot: ledger.root, merged: [{ id, blue: true }] },
    ...{
      receipts: encodeReceipts({ statuses: [new Uint8Array()], events: [] }),
      changes: [...ledger.entries()],
      transactionIds: new Uint8Array(),
    },
  });
  store.fold(0);
}

function checkGenesis(store: ChainStore, id: BlockId): void {
  const stored = store.fact(GENESIS_FACT);
  if (stored && hexOf(stored) === id) return;
  throw new AiosError(
    'STORE_FOREIGN',
    `The store is of the chain that begins with ${stored ? hexOf(stored) : 'nothing'}, and the genesis file is of the one that begins with ${id}. Name another data folder, or the genesis file that belongs to this one.`,
  );
}

/** Reads all blocks, and executes again what came after the folded state: it must come out as it was. */
function replay(
  store: ChainStore,
  node: ChainNode,
  from: number,
  onProgress?: (blocks: number) => void,
): void {
  const roots = new Map<BlockId, string>();
  for (let index = from + 1; index <= (store.last ?? 0); index++) {
    const record = store.record(index);
    if (record) roots.set(record.id, hexOf(record.stateRoot));
  }
  if (roots.size > 0) store.unwind(from + 1);
  let blocks = 0;
  for (const { bytes } of store.blocks()) {
    node.restore(bytes);
    blocks += 1;
    if (blocks % reportEvery === 0) onProgress?.(blocks);
  }
  node.advance();
  for (const [id, root] of roots) {
    const again = node.executed.rootAt(id);
    if (again !== undefined && again !== root)
      throw new AiosError(
        'STATE_DIVERGED',
        `After block ${id} the stored state had the root ${root}, and executing it again leads to ${again}. The store is damaged, or was written by another version: start with --resync to fetch everything from peers again.`,
      );
  }
}

function idOf(store: ChainStore, index: number): BlockId {
  const record = store.record(index);
  if (record) return record.id;
  throw new AiosError('STORE_CORRUPT', `The store has no record of block ${index}. Start with --resync.`);
}
