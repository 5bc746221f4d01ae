// `aios subgraph federate` and `unfederate`: which deployments stand in the supergraph, changed while it is served.
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { listAliases } from '#indexer/store/aliases.ts';
import { AiosError } from '#node/platform/errors.ts';
import { green } from '../cli/screen.ts';
import {
  federate as federateName,
  metaFieldOf,
  unfederate as unfederateName,
} from '../product/federation/federate.ts';
import { withDatabase } from './subgraph.ts';

interface FederateOptions {
  readonly alias: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly wait: boolean;
}

/** What a gateway may take to compose, plan for and take up a supergraph on a busy machine. */
const TAKEN_UP_MS = 120_000;

export async function federate(name: string, options: FederateOptions): Promise<void> {
  await withDatabase(options, async ({ database, running }) => {
    const { rows } = await database.pool.query<{ schema: string }>(
      `select d.schema from indexer.names n join indexer.deployments d on d.id = coalesce(n.current, n.pending)
       where n.name = $1`,
      [name],
    );
    const schema = rows[0]?.schema;
    if (schema === undefined) {
      throw new AiosError(
        'UNKNOWN_NAME',
        `No deployment has the name ${name}: aios subgraph list shows them all.`,
      );
    }
    const { alias } = options;
    const prefix = await federateName(database.pool, { alias, name, schema });
    const served = options.wait && running ? await takenUp(database.pool, running.url, alias) : false;
    if (options.json) process.stdout.write(`${JSON.stringify({ name, alias, prefix, served }, null, 2)}\n`);
    else process.stdout.write(`${federatedLine(name, alias, prefix, served)}\n`);
  });
}

/** What to say once a name is federated. */
export function federatedLine(name: string, alias: string, prefix: string, served: boolean): string {
  return `${green('federated')} ${name} as ${alias}: its fields are ${prefix}_…${
    served ? '' : '; gateways take it up when they next look, or start'
  }`;
}

/**
 * Waits until the product that runs serves an alias.
 * @throws AiosError `FEDERATION_FAILED` when it says that it cannot
 */
export async function takenUp(pool: pg.Pool, url: string, alias: string): Promise<boolean> {
  const query = `{ ${metaFieldOf(alias)} { deployment } }`;
  const deadline = Date.now() + TAKEN_UP_MS;
  while (Date.now() < deadline) {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }).catch(() => undefined);
    const body = (await response?.json().catch(() => undefined)) as
      | { errors?: { extensions?: { code?: string } }[] }
      | undefined;
    const code = body?.errors?.[0]?.extensions?.code;
    // Anything but "no such field": the field is there.
    if (body && code !== 'GRAPHQL_VALIDATION_FAILED') return true;
    const problem = (await listAliases(pool)).find((record) => record.alias === alias)?.problem;
    if (problem) {
      throw new AiosError(
        'FEDERATION_FAILED',
        `The gateway goes on with the supergraph it has, without ${alias}: ${problem}`,
      );
    }
    await delay(100);
  }
  return false;
}

export async function unfederate(
  name: string,
  options: { readonly alias?: string; readonly data?: string },
): Promise<void> {
  await withDatabase(options, async ({ database }) => {
    const removed = await unfederateName(database.pool, name, options.alias);
    process.stdout.write(
      `${green('unfederated')} ${name} (${removed.join(', ')}); it still answers at /subgraphs/name/${name}\n`,
    );
  });
}
