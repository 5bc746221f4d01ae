// `_logs` over what a compiled mapping logs, with graph-node's arguments, bounds and words (its `graphql/src/store/logs.rs`).
import { join } from 'node:path';
import { type ExecutionResult, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import { BlockRunner } from '#indexer/mapping/block-runner.ts';
import { MemoryStore } from '#indexer/mapping/testing/memory-store.ts';
import { commandBlock } from '#indexer/mapping/testing/probe.ts';
import type { LoggedLine, LogLevel } from '#indexer/model.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from '#indexer/store/testing/deployments.ts';
import { ReadPoint } from '#node/platform/operation.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import type { Commit } from './subscribe.ts';
import { contextOf } from './testing/context.ts';

const schema = 'type Thing @entity(immutable: false) { id: ID! n: Int! }';

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

async function bench(sdl = schema) {
  const { deployment, lease } = await deploy(database.store, sdl);
  const { layout, id } = deployment;
  let commits: (commit: Commit | undefined) => void = () => undefined;
  const executor = createQueryExecutor({
    pool: database.pool,
    deployment: id,
    layout,
    face: graphNodeFace(layout.schema, { subscriptions: true }),
    commits: {
      onCommit: (listener) => {
        const before = commits;
        commits = (commit) => {
          before(commit);
          listener(commit);
        };
        return () => undefined;
      },
    },
  });
  const run = async (
    query: string,
    variables?: Record<string, unknown>,
    context = contextOf(database.store),
  ): Promise<ExecutionResult> => {
    const result = await executor.execute({ document: parse(query), variables, context });
    if (Symbol.asyncIterator in result) throw new Error('a stream');
    return result;
  };
  const texts = async (args: string, variables?: Record<string, unknown>): Promise<unknown> => {
    const { data, errors } = await run(
      `query ($text: String, $level: LogLevel, $first: Int) { _logs${args && `(${args})`} { text } }`,
      variables,
    );
    if (errors) return errors.map(({ message }) => message).join();
    return ((data?._logs ?? []) as { text: string }[]).map(({ text }) => text).join(' ');
  };
  return { deployment, lease, executor, run, texts, commits: (commit: Commit) => commits(commit) };
}

const line = (second: number, text: string, level: LogLevel = 'info'): LoggedLine => ({
  ...{ level, text, handler: 'handleThing', dataSource: 'Things' },
  loggedAt: Date.UTC(2024, 0, 15, 10, 30, second, 250),
});

test('what a compiled mapping logs is answered, newest first, with where it comes from', async () => {
  const probe = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/probe'));
  const runner = new BlockRunner(probe, new MemoryStore(probe.schema));
  const { deployment, lease, run } = await bench();
  const blocks = [
    commandBlock(
      [
        ['log', 1n],
        ['log', 2n],
      ],
      { number: 7 },
    ),
    commandBlock([['log', 3n], ['critical']], { number: 8 }),
  ];
  const began = Date.now();
  const outcomes = blocks.map((block) => runner.run(block));
  const ended = Date.now();
  await deployment.commitBatch(lease, outcomes);
  const { data, errors } = await run(`{
    _logs { __typename id subgraphId timestamp level text args: arguments { __typename key value } meta { __typename module line column } }
  }`);
  expect(errors).toBeUndefined();
  const lines = data?._logs as { text: string; level: string; id: string; timestamp: string }[];
  expect(lines.map(({ level, text }) => `${level} ${text}`)).toEqual([
    expect.stringMatching(
      /^ERROR the handler failed: Critical error logged in mapping with log message: very bad/,
    ),
    'CRITICAL very bad',
    'INFO hello 3',
    'INFO hello 2',
    'INFO hello 1',
  ]);
  const hash = blocks[1]?.header.hash;
  expect(lines[2]).toEqual({
    __typename: '_Log_',
    id: `${deployment.id}-${hash}-0`,
    subgraphId: deployment.id,
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: 'INFO',
    text: 'hello 3',
    args: [
      { __typename: '_LogArgument_', key: 'data_source', value: 'Probe' },
      { __typename: '_LogArgument_', key: 'handler', value: 'handleCommand' },
      { __typename: '_LogArgument_', key: 'block_number', value: '8' },
      { __typename: '_LogArgument_', key: 'block_hash', value: hash },
    ],
    meta: { __typename: '_LogMeta_', module: 'Probe', line: 0, column: 0 },
  });
  expect(new Set(lines.map(({ id }) => id)).size).toBe(5);
  for (const { timestamp } of lines) {
    expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(began);
    expect(Date.parse(timestamp)).toBeLessThanOrEqual(ended);
  }
});

describe('arguments', () => {
  let texts: Awaited<ReturnType<typeof bench>>['texts'];
  beforeAll(async () => {
    const made = await bench();
    texts = made.texts;
    await made.deployment.commitBatch(made.lease, [
      {
        ...outcome(1, []),
        lines: [line(0, 'one', 'debug'), line(1, 'Two%', 'warning'), line(1, 'tWO_', 'info')],
      },
      outcome(2, []),
      { ...outcome(3, []), lines: [line(2, 'ÄRGER', 'warning'), line(3, 'five', 'error')] },
    ]);
  });

  test.each([
    ['', 'five ÄRGER tWO_ Two% one'],
    ['orderDirection: asc', 'one Two% tWO_ ÄRGER five'],
    ['first: 2', 'five ÄRGER'],
    ['first: 2, skip: 1', 'ÄRGER tWO_'],
    ['first: 2, skip: 1, orderDirection: asc', 'Two% tWO_'],
    ['first: 0', ''],
    ['skip: 5', ''],
    [
      'first: null, skip: null, level: null, from: null, to: null, search: null, orderDirection: null',
      'five ÄRGER tWO_ Two% one',
    ],
    ['level: WARNING', 'ÄRGER Two%'],
    ['level: CRITICAL', ''],
    ['search: "two"', 'tWO_ Two%'],
    ['search: "%"', 'Two%'],
    ['search: "_"', 'tWO_'],
    ['search: "ärger"', 'ÄRGER'],
    ['search: "\\u0000"', ''],
    ['from: "2024-01-15T10:30:01.250Z"', 'five ÄRGER tWO_ Two%'],
    ['from: "2024-01-15T10:30:01.251Z"', 'five ÄRGER'],
    ['to: "2024-01-15T10:30:01.250Z"', 'tWO_ Two% one'],
    ['to: "2024-01-15T12:30:01.249+02:00"', 'one'],
    ['from: "2024-01-15T10:30:02.25Z", to: "2024-01-15T10:30:02.250999999Z"', 'ÄRGER'],
    ['from: "2024-01-15T10:30:02.250000001Z"', 'five'],
    ['from: "0000-01-15T10:30:00-23:59", to: "0000-01-16T10:30:00+23:59"', ''],
    ['from: "2024-01-15T10:30:01Z", to: "2024-01-15T10:30:02Z", level: INFO', 'tWO_'],
  ])('(%s)', async (args, expected) => {
    expect(await texts(args)).toBe(expected);
  });

  test('variables', async () => {
    expect(
      await texts('search: $text, level: $level, first: $first', { text: 'TWO', level: 'INFO', first: 1 }),
    ).toBe('tWO_');
    expect(await texts('search: $text, level: $level')).toBe('five ÄRGER tWO_ Two% one');
  });

  const invalid = (name: string, problem: string) =>
    `Invalid value provided for argument \`${name}\`: String(${JSON.stringify(problem)})`;
  const iso = 'must be in ISO 8601 format (e.g., 2024-01-15T10:30:00Z)';

  test.each([
    ['first: -1', invalid('first', 'first must be non-negative')],
    ['first: 1001', invalid('first', 'first must not exceed 1000')],
    ['skip: -1', invalid('skip', 'skip must be non-negative')],
    ['skip: 10001', invalid('skip', 'skip must not exceed 10000')],
    ['search: ""', invalid('search', 'Invalid search text: search text cannot be empty')],
    [
      `search: "${'é'.repeat(501)}"`,
      invalid('search', 'Invalid search text: search text exceeds maximum length of 1000 characters'),
    ],
    [
      'search: "block: 7"',
      invalid('search', 'Invalid search text: search text contains invalid characters ({}[]:")'),
    ],
    ['from: "2024-01-15"', invalid('from', `Invalid timestamp: ${iso}`)],
    [
      'to: "20240115T103000"',
      invalid('to', 'Invalid timestamp: must include timezone (Z or offset like +00:00)'),
    ],
    [`to: "${'0'.repeat(50)}TZ"`, invalid('to', 'Invalid timestamp: timestamp exceeds maximum length')],
    ['from: "2024;T+"', invalid('from', 'Invalid timestamp: timestamp contains invalid characters')],
    // graph-node compares it as text.
    ['from: "2024-13-15T10:30:00Z"', invalid('from', `Invalid timestamp: ${iso}`)],
    ['from: "2024-01-15T10:30:00+99:00"', invalid('from', `Invalid timestamp: ${iso}`)],
    ['level: LOUD', 'Invalid value provided for argument `level`: Enum("LOUD")'],
    ['first: "3"', 'Invalid value provided for argument `first`: String("3")'],
  ])('refused: (%s)', async (args, expected) => {
    expect(await texts(args)).toBe(expected);
  });
});

describe('beside other fields', () => {
  const logs = '_logs { text }';

  test('entities of the same block are refused, all else is answered', async () => {
    const { deployment, lease, run } = await bench();
    await deployment.commitBatch(lease, [{ ...outcome(1, []), lines: [line(0, 'a')] }]);
    const refused = {
      errors: [
        expect.objectContaining({
          message: 'The _logs query cannot be combined with other entity queries in the same request',
        }),
      ],
    };
    expect(await run(`{ ${logs} things { id } }`)).toEqual(refused);
    expect(await run(`{ thing(id: "a") { id } _meta { deployment } ${logs} }`)).toEqual(refused);
    expect(
      await run(
        `{ _meta { block { number } } ${logs} more: ${logs} __typename __type(name: "Thing") { name } }`,
      ),
    ).toEqual({
      data: {
        _meta: { block: { number: 1 } },
        _logs: [{ text: 'a' }],
        more: [{ text: 'a' }],
        __typename: 'Query',
        __type: { name: 'Thing' },
      },
    });
    // graph-node executes what reads another block by itself.
    expect(await run(`{ things(block: { number: 1 }) { id } ${logs} }`)).toEqual({
      data: { things: [], _logs: [{ text: 'a' }] },
    });
  });

  test('errors of indexing hide no line', async () => {
    const { deployment, lease, run } = await bench();
    const failure = { message: 'boom', handler: 'handleThing', block: { number: 1, hash: hashOf(1) } };
    await deployment.commitBatch(lease, [{ ...outcome(1, []), failure, lines: [line(0, 'why')] }]);
    expect(await run(`{ ${logs} _meta { hasIndexingErrors } }`)).toEqual({
      data: { _logs: [{ text: 'why' }], _meta: { hasIndexingErrors: true } },
    });
  });

  test('a deployment without a block has no lines, which is no error', async () => {
    const { run } = await bench();
    expect(await run(`{ ${logs} }`)).toEqual({ data: { _logs: [] } });
  });
});

test('answers are of now: every commit counts, none is kept, and live queries follow', async () => {
  const { deployment, lease, run, executor, commits } = await bench();
  const head = (number: number) => ({ number, hash: hashOf(number) });
  const logged = (number: number) => ({ ...outcome(number, []), lines: [line(number, `of ${number}`)] });
  await deployment.commitBatch(lease, [logged(1)]);
  const context = contextOf(database.store);
  const query = '{ _logs(first: 1) { text } }';
  for (let times = 0; times < 3; times++)
    expect(await run(query, {}, context)).toEqual({ data: { _logs: [{ text: 'of 1' }] } });
  expect(context.reads.entities.get(deployment.id)).toContain('*');

  const ended = new AbortController();
  const stream = await executor.execute({
    document: parse(`subscription ${query}`),
    context: {
      ...contextOf(database.store, ended.signal),
      readPoint: new ReadPoint(() => database.store.heads()),
    },
  });
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  const events = stream[Symbol.asyncIterator]();
  const next = async () => (await events.next()).value;
  expect(await next()).toEqual({ data: { _logs: [{ text: 'of 1' }] } });
  // No entity is touched by what only logs.
  await deployment.commitBatch(lease, [logged(2)]);
  commits({ deployment: deployment.id, block: head(2), entities: [] });
  expect(await next()).toEqual({ data: { _logs: [{ text: 'of 2' }] } });
  expect(await run(query)).toEqual({ data: { _logs: [{ text: 'of 2' }] } });
  await deployment.revertTo(lease, head(1));
  commits({ deployment: deployment.id, block: head(1), entities: [] });
  expect(await next()).toEqual({ data: { _logs: [{ text: 'of 1' }] } });
  expect(await run(query)).toEqual({ data: { _logs: [{ text: 'of 1' }] } });
  ended.abort();
  expect((await events.next()).done).toBe(true);
});
