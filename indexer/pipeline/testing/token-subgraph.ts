// A small subgraph for tests of the pipeline itself: transfers and balances of a token, and of further tokens that a factory
// announces. Its handlers are plain functions, so that what is tested is the pipeline and not the WASM runtime.
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import type { EventHandler, LoadedSubgraph, Mapping } from '#indexer/manifest/manifest.ts';
import { type Deployment, idText } from '#indexer/store/index.ts';
import type {
  BlockOutcome,
  BlockPointer,
  CreatedDataSource,
  DeterministicFailure,
  EntityData,
  EntityId,
  EntityModification,
  Hex,
  LoggedLine,
} from '../../model.ts';
import { TRANSFER_TOPIC } from '../../sources/testing/test-chain.ts';
import type { Mapper, MappingBlock } from '../mapper.ts';

export const TOKEN_SDL = `
type Holder @entity(immutable: false) { id: Bytes! balance: BigInt! transfers: Int! }
type Transfer @entity(immutable: true) { id: Bytes! token: Bytes! from: Bytes! to: Bytes! value: BigInt! block: BigInt! }
type Total @entity(immutable: false) { id: String! volume: BigInt! blocks: Int! }
`;

const address = (name: string, indexed: boolean) => ({ name, type: 'address', indexed });
const TRANSFER_ABI = {
  type: 'event',
  name: 'Transfer',
  inputs: [address('from', true), address('to', true), { name: 'value', type: 'uint256' }],
};

export interface TokenSubgraphOptions {
  readonly token: Hex | null;
  /** Each of its transfers announces the token that it is "sent to". */
  readonly factory?: Hex;
  readonly startBlock?: number;
  readonly endBlock?: number;
  readonly countBlocks?: boolean;
  readonly prune?: LoadedSubgraph['prune'];
}

export function tokenSubgraph(options: TokenSubgraphOptions): LoadedSubgraph {
  const handler = (name: string): EventHandler => ({
    event: 'Transfer(indexed address,indexed address,uint256)',
    topic0: TRANSFER_TOPIC,
    handler: name,
    receipt: false,
    abi: TRANSFER_ABI,
    calls: [],
  });
  const mapping = (name: string, blocks = false): Mapping => ({
    apiVersion: '0.0.9',
    module: 'test',
    abis: new Map([['Token', [TRANSFER_ABI]]]),
    eventHandlers: [handler(name)],
    callHandlers: [],
    blockHandlers: blocks ? [{ handler: 'handleBlock', filter: { kind: 'every' } }] : [],
    entities: [],
  });
  const source = (name: string, at: Hex | null, of: Mapping) => ({
    name,
    network: 'devnet',
    address: at,
    abi: 'Token',
    startBlock: options.startBlock ?? 0,
    endBlock: options.endBlock ?? null,
    context: null,
    mapping: of,
  });
  return {
    id: 'QmToken',
    specVersion: '1.2.0',
    apiVersion: '0.0.9',
    description: null,
    repository: null,
    features: [],
    prune: options.prune ?? 'never',
    schema: parseEntitySchema(TOKEN_SDL),
    dataSources: [
      source('Token', options.token, mapping('handleTransfer', options.countBlocks)),
      ...(options.factory ? [source('Factory', options.factory, mapping('handleCreated'))] : []),
    ],
    templates: [{ name: 'Child', network: 'devnet', abi: 'Token', mapping: mapping('handleTransfer') }],
    modules: new Map(),
  };
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));

/** Runs the subgraph's handlers as a mapping worker does: entities come from the store unless a block in between touched them. */
export class TokenMapper implements Mapper {
  readonly #deployment: Deployment;
  readonly #cache = new Map<string, { type: string; id: EntityId; data: EntityData }>();
  /** A transfer of this value fails its handler, deterministically. */
  readonly #poison: bigint | undefined;
  readonly #nonFatal: boolean;
  readonly #logging: 'also' | 'only' | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #halted = false;

  constructor(
    deployment: Deployment,
    options: { poison?: bigint; nonFatal?: boolean; logging?: 'also' | 'only' } = {},
  ) {
    this.#deployment = deployment;
    this.#poison = options.poison;
    this.#nonFatal = options.nonFatal ?? false;
    this.#logging = options.logging;
  }

  run(blocks: readonly MappingBlock[]): Promise<BlockOutcome[]> {
    const outcomes = this.#turn.then(() => (this.#halted ? [] : this.#run(blocks)));
    this.#turn = outcomes.catch(() => undefined);
    return outcomes;
  }

  proceed(): void {
    this.#turn = this.#turn.then(() => {
      this.#halted = false;
    });
  }

  async #run(blocks: readonly MappingBlock[]): Promise<BlockOutcome[]> {
    const outcomes: BlockOutcome[] = [];
    for (const block of blocks) {
      const outcome = await this.#block(block);
      outcomes.push(outcome);
      if (!outcome.failure && outcome.createdDataSources.length === 0) continue;
      this.#halted = true;
      break;
    }
    return outcomes;
  }

  async #block({ header, triggers }: MappingBlock): Promise<BlockOutcome> {
    const touched = new Map<string, EntityModification>();
    const created: CreatedDataSource[] = [];
    const errors: DeterministicFailure[] = [];
    const block: BlockPointer = { number: header.number, hash: header.hash };
    const lines: LoggedLine[] = [];
    const outcome = { block, parentHash: header.parentHash, timestamp: header.timestamp };
    const logged = () => (lines.length > 0 ? { lines } : {});
    const set = (type: string, id: EntityId, data: EntityData) => {
      const key = `${type}/${idText(id)}`;
      this.#cache.set(key, { type, id, data });
      touched.set(key, { type, id, data });
    };
    for (const trigger of triggers) {
      if (trigger.kind === 'block') {
        const total = await this.#get('Total', 'all');
        set('Total', 'all', {
          id: 'all',
          volume: (total?.volume as bigint) ?? 0n,
          blocks: Number(total?.blocks ?? 0) + 1,
        });
        continue;
      }
      if (trigger.kind !== 'event') throw new Error(`the token subgraph has no ${trigger.kind} handlers`);
      const { log } = trigger;
      const [from, to] = [1, 2].map((index) => `0x${log.topics[index]?.slice(26)}` as Hex) as [Hex, Hex];
      const value = BigInt(log.data);
      if (this.#logging)
        lines.push({
          ...{ level: 'info', text: `transfer of ${value}`, loggedAt: Date.now() },
          ...{ handler: trigger.handler, dataSource: 'Token' },
        });
      if (value === this.#poison) {
        const failure = { message: `value ${value} is poison`, handler: trigger.handler, block };
        if (!this.#nonFatal)
          return { ...outcome, modifications: [], createdDataSources: [], failure, ...logged() };
        errors.push(failure);
        continue;
      }
      if (this.#logging === 'only') continue;
      if (trigger.handler === 'handleCreated') {
        created.push({ template: 'Child', address: to, context: null, createdAt: header.number });
        continue;
      }
      const id = bytes(`${log.transactionHash}${log.logIndex.toString(16).padStart(8, '0')}`);
      set('Transfer', id, {
        id,
        token: bytes(log.address),
        from: bytes(from),
        to: bytes(to),
        value,
        block: BigInt(header.number),
      });
      for (const [account, change] of [
        [from, -value],
        [to, value],
      ] as const) {
        const holderId = bytes(account);
        const holder = await this.#get('Holder', holderId);
        set('Holder', holderId, {
          id: holderId,
          balance: ((holder?.balance as bigint) ?? 0n) + change,
          transfers: Number(holder?.transfers ?? 0) + 1,
        });
      }
    }
    return {
      ...outcome,
      modifications: [...touched.values()],
      createdDataSources: created,
      ...(errors.length > 0 && { errors }),
      ...logged(),
    };
  }

  async #get(type: string, id: EntityId): Promise<EntityData | undefined> {
    const key = `${type}/${idText(id)}`;
    const cached = this.#cache.get(key);
    if (cached) return cached.data;
    return (await this.#deployment.loadEntities(type, [id])).get(idText(id));
  }

  committed(): void {}

  async reset(): Promise<void> {
    await this.#turn;
    this.#halted = false;
    this.#cache.clear();
  }

  async close(): Promise<void> {}
}
