// Keeps a gateway's supergraph at what the registry says: follows names and aliases, recomposes when what clients see has
// changed, and only moves executors when it has not.
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type AliasRecord, listAliases, noteAliasProblem } from '#indexer/store/aliases.ts';
import { messageOf } from '#node/platform/errors.ts';
import { namesTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import type { SubgraphDefinition } from '#schema/compose/compose-supergraph.ts';
import type { Gateway } from '#schema/gateway/create-gateway.ts';
import { compileOffThread } from '#schema/gateway/supergraph-compiler.ts';
import type { DeployedSubgraphs } from '../deployed-subgraph.ts';
import { federatedMember } from './federated-members.ts';

export interface FederatorOptions {
  readonly gateway: Gateway;
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly deployed: DeployedSubgraphs;
  /** The members that ship with the product. */
  readonly members: readonly SubgraphDefinition[];
  /** Members whose subscriptions are live queries. */
  readonly live: readonly string[];
  readonly logger: Logger;
}

/** Names change in bursts: a script deploys twenty. One composition serves them all. */
const DEBOUNCE_MS = 250;

/** What stands in the supergraph that is served. */
interface Federated {
  readonly definition: SubgraphDefinition;
  /** Text of the entity schema, by which a member is known to be unchanged. */
  readonly schema: string;
  /** The executor reads it at every operation. */
  readonly target: { deployment: string };
}

export class Federator {
  readonly #options: FederatorOptions;
  readonly #stopListening: () => void;
  #served: ReadonlyMap<string, Federated> = new Map();
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: FederatorOptions) {
    this.#options = options;
    this.#stopListening = options.bus.onSignal(namesTopic, () => this.#changed());
  }

  /** Aliases that are served now. */
  get aliases(): string[] {
    return [...this.#served.keys()];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening();
    await this.#running;
  }

  /** Brings the gateway to what the registry says. Never rejects: what cannot be served is logged and noted at its aliases. */
  async refresh(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  #changed(): void {
    if (this.#running || this.#closed) {
      this.#again = true;
      return;
    }
    this.#again = true;
    this.#running = delay(DEBOUNCE_MS)
      .then(() => this.#run())
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #run(): Promise<void> {
    const { pool, logger } = this.#options;
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        await this.#follow(await listAliases(pool));
      } catch (error) {
        logger.error({ err: error }, 'the aliases of the supergraph could not be followed');
      }
    }
  }

  async #follow(records: readonly AliasRecord[]): Promise<void> {
    const { pool, logger, members } = this.#options;
    const wanted = new Map<string, Federated>();
    for (const { alias, deployment, schema } of records) {
      if (deployment === null || schema === null) continue;
      const served = this.#served.get(alias);
      if (served?.schema === schema) {
        // A new version that looks the same to clients: operations go to it from now on.
        served.target.deployment = deployment;
        wanted.set(alias, served);
        continue;
      }
      try {
        const definition = federatedMember(alias, schema);
        wanted.set(alias, { definition, schema, target: { deployment } });
      } catch (error) {
        await this.#refuse([alias], error);
        if (served) wanted.set(alias, served);
      }
      // Each is milliseconds of work on a thread that serves.
      await delay(0);
    }
    const added = [...wanted].filter(([alias, one]) => this.#served.get(alias) !== one);
    if (added.length === 0 && wanted.size === this.#served.size) return;
    const began = performance.now();
    const subgraphs = [...members, ...[...wanted.values()].map(({ definition }) => definition)];
    try {
      const supergraph = await compileOffThread({ subgraphs });
      if (this.#closed) return;
      await this.#options.gateway.swap({
        supergraph,
        subgraphs: this.#executors(wanted),
        live: [...this.#options.live, ...wanted.keys()],
      });
    } catch (error) {
      return this.#refuse(
        added.map(([alias]) => alias),
        error,
      );
    }
    this.#served = wanted;
    await noteAliasProblem(pool, [...wanted.keys()], null);
    logger.info(
      { aliases: [...wanted.keys()], milliseconds: Math.round(performance.now() - began) },
      'the supergraph has changed',
    );
  }

  #executors(wanted: ReadonlyMap<string, Federated>): Record<string, SubgraphExecutor> {
    const { deployed } = this.#options;
    return Object.fromEntries(
      [...wanted].map(([alias, { target }]) => [alias, deployed.federated(alias, target)]),
    );
  }

  /** The supergraph that is served stays as it is. */
  async #refuse(aliases: readonly string[], error: unknown): Promise<void> {
    const { pool, logger } = this.#options;
    logger.error({ err: error, aliases }, 'deployments could not be taken into the supergraph');
    await noteAliasProblem(pool, aliases, messageOf(error));
  }
}
