// A small supergraph for tests: an "indexed" directory with a store of blocks, a service that extends its entities,
// and an event stream. The directory's executor notes at which block every fetch was made.
import { AiosError } from '#node/platform/errors.ts';
import type {
  BlockPointer,
  HeadLoader,
  OperationContext,
  Subgraph,
  SubgraphExecutor,
} from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '../../builder.ts';
import { toSubgraph } from '../../subgraph.ts';
import { MemoryCommitFeed } from '../live/commit-feed.ts';

export const DEPLOYMENT = 'QmDirectory';

interface NetworkRow {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

/** Every block's state of the directory, as an indexer would have it. */
export class Chain {
  readonly feed = new MemoryCommitFeed();
  readonly #blocks: ReadonlyMap<string, NetworkRow>[] = [new Map()];
  /** How many times heads were loaded. */
  pins = 0;

  get head(): number {
    return this.#blocks.length - 1;
  }

  readonly loadHeads: HeadLoader = async () => {
    this.pins += 1;
    const head: BlockPointer = { number: this.head, hash: `0x${this.head.toString(16)}` };
    return new Map([[DEPLOYMENT, head]]);
  };

  at(block: number): ReadonlyMap<string, NetworkRow> {
    return this.#blocks[block] ?? new Map();
  }

  /** A block that sets these rows; without announcing it when `quiet`. */
  commit(rows: readonly NetworkRow[], quiet = false): number {
    const next = new Map(this.at(this.head));
    for (const row of rows) next.set(row.id, row);
    this.#blocks.push(next);
    if (!quiet) this.announce(rows.length > 0 ? ['Network'] : []);
    return this.head;
  }

  announce(entities: readonly string[]): void {
    this.feed.publish({ deployment: DEPLOYMENT, block: this.head, entities });
  }
}

export interface Recorded {
  readonly requestId: string;
  readonly block: number | undefined;
}

export interface SmallSupergraph {
  readonly chain: Chain;
  readonly directory: Subgraph;
  readonly profiles: Subgraph;
  readonly events: Subgraph;
  /** Fetches of the directory, in order. */
  readonly fetches: Recorded[];
  /** How often the guarded mutation ran. */
  wiped: number;
  /** Called before each fetch of the directory: tests move the head here. */
  beforeFetch: () => void;
  /** Feeds `networkEvents`. */
  readonly source: { push: (id: string) => void; listeners: () => number };
}

type Row = NetworkRow;

function createDirectory(world: { chain: Chain; fetches: Recorded[]; beforeFetch: () => void }): Subgraph {
  interface Context extends OperationContext {
    readonly rows: ReadonlyMap<string, Row>;
  }
  const builder = createBuilder<Context>();
  const Network = builder.objectRef<Row>('Network').implement({
    description: 'A network.',
    fields: (t) => ({
      id: t.exposeID('id'),
      name: t.exposeString('name'),
      size: t.exposeInt('size'),
    }),
  });
  builder.asEntity(Network, {
    key: builder.selection<{ id: string }>('id'),
    resolveReference: ({ id }, { rows }) => rows.get(id) as Row,
  });
  const list = (rows: ReadonlyMap<string, Row>, first: number) => [...rows.values()].slice(0, first);
  builder.queryType({
    fields: (t) => ({
      network: t.field({
        type: Network,
        nullable: true,
        args: { id: t.arg.id({ required: true }) },
        resolve: (_root, { id }, { rows }) => rows.get(String(id)),
      }),
      networks: t.field({
        type: [Network],
        args: { first: t.arg.int({ required: true, defaultValue: 100 }) },
        resolve: (_root, { first }, { rows }) => list(rows, first),
      }),
    }),
  });
  builder.subscriptionType({
    fields: (t) => ({
      networks: t.field({
        type: [Network],
        args: { first: t.arg.int({ required: true, defaultValue: 100 }) },
        // Never called: the gateway answers live queries by executing the query.
        subscribe: () => {
          throw new Error('live queries are the gateway’s');
        },
        resolve: () => [],
      }),
    }),
  });
  const subgraph = toSubgraph<Context>(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'directory', {
    context: async (operation) => {
      const at = await operation.readPoint.at(DEPLOYMENT);
      operation.reads.addEntity(DEPLOYMENT, 'Network');
      world.fetches.push({ requestId: operation.requestId, block: at?.number });
      return { ...operation, rows: world.chain.at(at?.number ?? 0) };
    },
  });
  const executor: SubgraphExecutor = {
    execute(request) {
      world.beforeFetch();
      return subgraph.executor.execute(request);
    },
  };
  return { ...subgraph, executor };
}

function createProfiles(world: { chain: Chain; wiped: number }): Subgraph {
  const builder = createBuilder<OperationContext>();
  const Network = builder.externalRef('Network', builder.selection<{ id: string }>('id')).implement({
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
    fields: (t) => ({
      site: t.string({ resolve: ({ id }) => `https://${id}.example` }),
      secret: t.string({ nullable: true, authenticated: true, resolve: ({ id }) => `secret of ${id}` }),
      fragile: t.string({
        nullable: true,
        resolve: ({ id }) => {
          if (id.startsWith('bad')) throw new AiosError('BAD', 'this one is bad: take another');
          return 'whole';
        },
      }),
      broken: t.string({
        nullable: true,
        resolve: () => {
          throw new Error('password=hunter2 in a stack');
        },
      }),
    }),
  });
  builder.queryType({
    fields: (t) => ({
      me: t.string({ nullable: true, resolve: (_root, _args, { viewer }) => viewer?.did }),
      favourites: t.field({ type: [Network], resolve: () => [{ id: 'n1' }, { id: 'n2' }] }),
      slow: t.string({
        nullable: true,
        resolve: (_root, _args, { signal }) =>
          new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('aborted'))),
      }),
      refused: t.string({
        nullable: true,
        resolve: () => {
          throw new AiosError('NOT_YOURS', 'only the owner may read this: sign in as the owner');
        },
      }),
    }),
  });
  builder.mutationType({
    fields: (t) => ({
      wipe: t.int({
        nullable: true,
        requiresScopes: [['networks:wipe']],
        resolve: () => {
          world.wiped += 1;
          return world.wiped;
        },
      }),
      addNetwork: t.field({
        type: Network,
        args: { id: t.arg.string({ required: true }) },
        resolve: async (_root, { id }, { readPoint }) => {
          await readPoint.all(); // an action that looks at the world before it acts
          world.chain.commit([{ id, name: `name of ${id}`, size: 1 }]);
          return { id };
        },
      }),
    }),
  });
  return toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'profiles');
}

function createEvents(): { subgraph: Subgraph; source: SmallSupergraph['source'] } {
  const listeners = new Set<(id: string | undefined) => void>();
  const builder = createBuilder<OperationContext>();
  const Network = builder.externalRef('Network', builder.selection<{ id: string }>('id')).implement({
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
  });
  const Event = builder.objectRef<{ id: string; at: number }>('NetworkEvent').implement({
    fields: (t) => ({
      at: t.exposeInt('at'),
      network: t.field({ type: Network, nullable: true, resolve: ({ id }) => ({ id }) }),
    }),
  });
  let at = 0;
  builder.queryType({ fields: (t) => ({ eventCount: t.int({ resolve: () => at }) }) });
  builder.subscriptionType({
    fields: (t) => ({
      networkEvents: t.field({
        type: Event,
        subscribe: (): AsyncIterableIterator<{ id: string; at: number }> => {
          const queue: (string | undefined)[] = [];
          let waiting: (() => void) | undefined;
          const listener = (id: string | undefined) => {
            queue.push(id);
            waiting?.();
          };
          listeners.add(listener);
          const leave = () => {
            listeners.delete(listener);
            queue.push(undefined);
            waiting?.();
            return Promise.resolve({ done: true as const, value: undefined });
          };
          return {
            [Symbol.asyncIterator]() {
              return this;
            },
            async next() {
              while (queue.length === 0) {
                await new Promise<void>((resolve) => {
                  waiting = resolve;
                });
              }
              const id = queue.shift();
              return id === undefined ? leave() : { done: false as const, value: { id, at: at++ } };
            },
            return: leave,
          };
        },
        resolve: (event) => event as { id: string; at: number },
      }),
    }),
  });
  const emit = (id: string | undefined) => {
    for (const listener of listeners) listener(id);
  };
  return {
    subgraph: toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'events'),
    source: { push: emit, listeners: () => listeners.size },
  };
}

export function createSmallSupergraph(): SmallSupergraph {
  const world = { chain: new Chain(), fetches: [] as Recorded[], beforeFetch: () => {}, wiped: 0 };
  const { subgraph, source } = createEvents();
  const directory = createDirectory(world);
  return Object.assign(world, { directory, profiles: createProfiles(world), events: subgraph, source });
}
