// Executors that follow a name: whatever deployment stands under it now answers, and a swapped-in version takes over at once.
import type pg from 'pg';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { graphNodeFace } from '#indexer/query/api-schema.ts';
import { createEmptyExecutor } from '#indexer/query/empty-executor.ts';
import { createQueryExecutor, type TextExecutor } from '#indexer/query/executor.ts';
import { aliasNames, houseNames } from '#indexer/query/face.ts';
import { supergraphFace } from '#indexer/query/supergraph-schema.ts';
import type { DeploymentRecord, DeploymentStore } from '#indexer/store/index.ts';
import { layoutOf } from '#indexer/store/layout.ts';
import { AiosError } from '#node/platform/errors.ts';
import { namesTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { SubgraphExecutor, SubgraphRequest } from '#node/platform/operation.ts';
import { queryCommitFeed } from './commit-feeds.ts';

/** How long a look-up of a name is believed when no signal says otherwise. */
const nameTtlMs = 5_000;

interface Resolved {
  readonly deployment: string | undefined;
  readonly until: number;
}

/** Looks deployments up by name or id and keeps one executor for each face of each. */
export class DeployedSubgraphs {
  readonly #pool: pg.Pool;
  readonly #store: DeploymentStore;
  readonly #bus: EventBus;
  readonly #names = new Map<string, Resolved>();
  readonly #executors = new Map<string, Promise<TextExecutor | undefined>>();
  readonly #records = new Map<string, DeploymentRecord>();
  readonly #stopListening: () => void;

  constructor(options: { readonly pool: pg.Pool; readonly store: DeploymentStore; readonly bus: EventBus }) {
    this.#pool = options.pool;
    this.#store = options.store;
    this.#bus = options.bus;
    this.#stopListening = options.bus.onSignal(namesTopic, () => this.#names.clear());
  }

  close(): void {
    this.#stopListening();
  }

  /** Ids of all deployments met so far. */
  known(): Iterable<string> {
    return this.#records.keys();
  }

  /** Id of the deployment that stands under a name now. */
  async idOf(name: string): Promise<string | undefined> {
    const known = this.#names.get(name);
    if (known && known.until > Date.now()) return known.deployment;
    const records = await this.#store.names();
    const until = Date.now() + nameTtlMs;
    const found = records.find((record) => record.name === name);
    const deployment = found?.current ?? found?.pending ?? undefined;
    this.#names.set(name, { deployment, until });
    return deployment;
  }

  /** graph-node's face of a deployment; `subscriptions` adds a Subscription root, which graph-node itself no longer has. */
  async graphNode(
    target: { readonly by: 'name' | 'id'; readonly value: string },
    options: { readonly subscriptions?: boolean } = {},
  ): Promise<TextExecutor | undefined> {
    const id = target.by === 'id' ? target.value : await this.idOf(target.value);
    if (!id) return undefined;
    return this.#executor(`graph-node ${options.subscriptions ? 'live ' : ''}${id}`, id, (record) =>
      graphNodeFace(parseEntitySchema(record.schema), options),
    );
  }

  /**
   * The supergraph's face of a house subgraph, whichever deployment stands under its name when an operation comes.
   * @param emptySchema the schema of one that need not be deployed: until it is, it has no rows
   */
  house(name: string, emptySchema?: string): SubgraphExecutor {
    const empty =
      emptySchema === undefined
        ? undefined
        : createEmptyExecutor(
            supergraphFace(parseEntitySchema(emptySchema), { names: houseNames(name), title: name }),
          );
    return {
      execute: async (request: SubgraphRequest) => {
        const id = await this.idOf(name);
        const executor =
          id &&
          (await this.#executor(`house ${name} ${id}`, id, (record) =>
            supergraphFace(parseEntitySchema(record.schema), { names: houseNames(name), title: name }),
          ));
        if (!executor) {
          if (empty) return empty.execute(request);
          throw new AiosError(
            'SUBGRAPH_NOT_DEPLOYED',
            `The subgraph ${name} is not deployed yet: start a process with the role indexer, or wait until it has.`,
          );
        }
        return executor.execute(request);
      },
    };
  }

  /** The supergraph's face of a deployment under an alias. `target` says which one stands there when an operation comes. */
  federated(alias: string, target: { readonly deployment: string }): SubgraphExecutor {
    return {
      execute: async (request: SubgraphRequest) => {
        const id = target.deployment;
        const executor = await this.#executor(`alias ${alias} ${id}`, id, (record) =>
          supergraphFace(parseEntitySchema(record.schema), { names: aliasNames(alias), title: alias }),
        );
        if (!executor) {
          throw new AiosError(
            'SUBGRAPH_NOT_DEPLOYED',
            `The deployment that stood under the alias ${alias} has been removed: the schema no longer has it.`,
          );
        }
        return executor.execute(request);
      },
    };
  }

  #executor(
    key: string,
    id: string,
    face: (record: DeploymentRecord) => ReturnType<typeof graphNodeFace>,
  ): Promise<TextExecutor | undefined> {
    let executor = this.#executors.get(key);
    if (!executor) {
      executor = this.#create(id, face);
      this.#executors.set(key, executor);
      // What was not found may be deployed later; what failed may succeed.
      executor.then(
        (found) => found ?? this.#executors.delete(key),
        () => this.#executors.delete(key),
      );
    }
    return executor;
  }

  async #create(
    id: string,
    face: (record: DeploymentRecord) => ReturnType<typeof graphNodeFace>,
  ): Promise<TextExecutor | undefined> {
    const record = (await this.#store.list()).find((deployment) => deployment.id === id);
    if (!record) return undefined;
    this.#records.set(id, record);
    return createQueryExecutor({
      pool: this.#pool,
      deployment: id,
      layout: layoutOf(parseEntitySchema(record.schema), record.sgd),
      face: face(record),
      commits: queryCommitFeed(this.#bus),
    });
  }
}
