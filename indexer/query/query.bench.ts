// CPU of a query in this process, beside the floor: the same statements through pg alone. Run: npx vitest bench --run indexer/query
import { parse } from 'graphql';
import type pg from 'pg';
import { afterAll, beforeAll, bench, describe } from 'vitest';
import type { EntityModification } from '#indexer/model.ts';
import { createStoreDatabase, deploy, outcome } from '#indexer/store/testing/deployments.ts';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import { contextOf } from './testing/context.ts';

const schema = `
type Network @entity(immutable: false) {
  id: ID!
  name: String!
  owner: Bytes!
  memberCount: Int!
  createdAt: BigInt!
  members: [Member!]! @derivedFrom(field: "network")
}
type Member @entity(immutable: false) {
  id: ID!
  network: Network!
  address: Bytes!
  joinedAt: BigInt!
  grants: [Grant!]! @derivedFrom(field: "member")
}
type Grant @entity(immutable: false) { id: ID! member: Member! role: String! active: Boolean! grantedAt: BigInt! }
`;

const NETWORKS = 2_000;
const MEMBERS = 5;
const GRANTS = 2;

const QUERIES = {
  'list of 50':
    '{ networks(first: 50, orderBy: createdAt, orderDirection: desc) { id name owner memberCount createdAt } }',
  'nested three deep, 10 × 5 × 2':
    '{ networks(first: 10, orderBy: createdAt, orderDirection: desc) { id name members { id address grants { id role active grantedAt } } } }',
};

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
let executor: SubgraphExecutor;

beforeAll(async () => {
  database = await createStoreDatabase();
  const { deployment, lease } = await deploy(database.store, schema);
  const address = (seed: number) => new Uint8Array(20).fill(seed % 251);
  for (let block = 1; block <= 20; block++) {
    const made: EntityModification[] = [];
    for (let index = 0; index < NETWORKS / 20; index++) {
      const id = `${block}-${index}`;
      const createdAt = BigInt(block * 1_000 + index);
      made.push({
        type: 'Network',
        id,
        data: { id, name: `Network ${id}`, owner: address(index), memberCount: MEMBERS, createdAt },
      });
      for (let member = 0; member < MEMBERS; member++) {
        const memberId = `${id}-${member}`;
        made.push({
          type: 'Member',
          id: memberId,
          data: { id: memberId, network: id, address: address(member), joinedAt: createdAt },
        });
        for (let grant = 0; grant < GRANTS; grant++) {
          const grantId = `${memberId}-${grant}`;
          made.push({
            type: 'Grant',
            id: grantId,
            data: { id: grantId, member: memberId, role: 'ADMIN', active: true, grantedAt: createdAt },
          });
        }
      }
    }
    await deployment.commitBatch(lease, [outcome(block, made)]);
  }
  await database.pool.query('analyze');
  const { layout, id } = deployment;
  const face = graphNodeFace(layout.schema);
  executor = createQueryExecutor({ pool: database.pool, deployment: id, layout, face });
  await report();
});

afterAll(() => database.close());

const documents = new Map(Object.entries(QUERIES).map(([name, text]) => [name, parse(text)]));

async function runQuery(name: string): Promise<void> {
  const document = documents.get(name);
  if (document) await executor.execute({ document, context: contextOf(database.store) });
}

/** The statements of a query, caught on their way to pg, for running them bare. */
async function statementsOf(name: string): Promise<pg.QueryConfig[]> {
  const caught: pg.QueryConfig[] = [];
  const { pool } = database;
  const query = pool.query.bind(pool);
  const spy = (...args: unknown[]) => {
    const [config, values] = args as [pg.QueryConfig | string, unknown[]?];
    caught.push(typeof config === 'string' ? { text: config, values } : config);
    return (query as (...all: unknown[]) => unknown)(...args);
  };
  Object.assign(pool, { query: spy });
  try {
    await runQuery(name);
  } finally {
    Object.assign(pool, { query });
  }
  return caught;
}

async function cpuMs(rounds: number, work: () => Promise<void>): Promise<number> {
  for (let round = 0; round < rounds / 4; round++) await work();
  const start = process.cpuUsage();
  for (let round = 0; round < rounds; round++) await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000 / rounds;
}

async function report(): Promise<void> {
  const lines: Record<string, unknown> = {};
  for (const name of documents.keys()) {
    const statements = await statementsOf(name);
    const floor = await cpuMs(400, async () => {
      for (const statement of statements) await database.pool.query(statement);
    });
    const api = await cpuMs(400, () => runQuery(name));
    lines[name] = {
      statements: statements.length,
      'pg alone, CPU ms': Number(floor.toFixed(3)),
      'query API, CPU ms': Number(api.toFixed(3)),
      'on top': Number((api - floor).toFixed(3)),
    };
  }
  console.table(lines);
}

describe('wall time', () => {
  for (const name of documents.keys()) bench(name, () => runQuery(name), { time: 1_000 });
});
