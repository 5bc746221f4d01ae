// Operations of agents: only those of the manifest, mutations only where granted, and never once more behind the agent's back.
import { describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { createTestWorker, enqueue, until } from '../runs/testing/agents-database.ts';
import { agentsPerTest } from '../runs/testing/agents-per-test.ts';
import type { Guest } from '../runs/testing/in-process-runtime.ts';
import { CapabilityBroker } from './capability-broker.ts';
import { parseGrants } from './grants.ts';
import { type AgentOperation, graphqlCapability, type OperationExecutor } from './graphql.ts';

const agents = agentsPerTest();

const read = '{ listings { id } }';
const write = 'mutation { createNetwork(input: { name: "x" }) { error { code } } }';
const grants = { graphql: { operations: { read, write }, mutations: true } };

const broker = (execute: OperationExecutor) =>
  new CapabilityBroker({ capabilities: [graphqlCapability(execute)], logger: silentLogger });
const start = (execute: OperationExecutor, guest: Guest, leaseMs?: number) =>
  agents.start({ guest }, { broker: broker(execute), grants, leaseMs });
const asks =
  (operation: string): Guest =>
  async (_input, aios) => {
    try {
      return await aios.call('graphql.run', { operation });
    } catch (error) {
      return { refused: (error as { code: string }).code };
    }
  };
const ended = async (...runs: Parameters<typeof enqueue> extends [unknown, ...infer Rest] ? Rest : never) => {
  const [id] = await enqueue(agents.db, ...runs);
  return agents.ended(id);
};

describe('graphql.run', () => {
  it('tells at deployment which documents will never be run', () => {
    const refused = (graphql: { operations: Record<string, string>; mutations?: boolean }) => {
      try {
        parseGrants({ graphql });
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    expect(refused({ operations: { read } })).toBeUndefined();
    expect(refused({ operations: { write }, mutations: true })).toBeUndefined();
    expect(refused({ operations: { write } })).toMatch(
      /graphql\.operations\.write: write is a mutation\. Grant them with capabilities\.graphql\.mutations/,
    );
    expect(refused({ operations: { live: 'subscription { sales { id } }' } })).toMatch(
      /live is a subscription/,
    );
    expect(refused({ operations: { two: `query a ${read} query b ${read}` } })).toMatch(
      /exactly one operation/,
    );
    expect(refused({ operations: { broken: '{' } })).toMatch(/cannot be read/);
  });

  it('runs a document as the agent of the deployment, with what it was granted', async () => {
    const seen: AgentOperation[] = [];
    start(async (operation) => {
      seen.push(operation);
      return { data: { listings: [] } };
    }, asks('read'));
    expect((await ended({})).output).toEqual({ data: { listings: [] } });
    expect(seen).toMatchObject([
      { viewer: 'did:aios:agent:1', document: read, mutations: true, variables: {} },
    ]);
  });

  it.each([
    ['write', 1, { refused: 'OUTCOME_UNKNOWN' }],
    ['read', 2, { data: { listings: [] } }],
  ])('%s, when its worker ends in the middle, is sent %i times in all', async (operation, times, output) => {
    let sent = 0;
    const dying = createTestWorker(
      agents.db,
      { guest: asks(operation) },
      { broker: broker(() => new Promise(() => sent++)), grants, leaseMs: 400 },
    );
    dying.start();
    const pending = ended({ maxAttempts: 3 });
    await until(
      () => sent,
      (count) => count === 1,
    );
    dying.abandon();
    start(
      async () => {
        sent++;
        return { data: { listings: [] } };
      },
      asks(operation),
      400,
    );
    expect((await pending).output).toEqual(output);
    expect(sent).toBe(times);
  });

  it('a mutation of unknown outcome is not tried again, a refused one is', async () => {
    let sent = 0;
    const codes = ['RATE_LIMITED', 'SUBGRAPH_UNREACHABLE'];
    start(
      async () => ({ errors: [{ message: 'no', code: codes[sent++] }] }),
      async (_input, aios) => aios.call('graphql.run', { operation: 'write' }),
    );
    const run = await ended({ maxAttempts: 5 });
    expect(run).toMatchObject({ status: 'failed', attempt: 1 });
    expect(run.error?.message).toContain('may have been done or not: no');
    expect(sent).toBe(2);
  }, 30_000);
});
