import { join } from 'node:path';
import { AbiCoder, keccak256, toUtf8Bytes } from 'ethers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BlockOutcome, EntityData, Hex } from '#indexer/model.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { LoadedSubgraph } from '../manifest/manifest.ts';
import type { MappingBlock } from '../pipeline/mapper.ts';
import { BlockRunner } from './block-runner.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { BORN, type Command, commandBlock, PROBE } from './testing/probe.ts';
import { header } from './testing/synthetic-chain.ts';

const coder = AbiCoder.defaultAbiCoder();

let probe: LoadedSubgraph;
let store: MemoryStore;
let runner: BlockRunner;

beforeAll(async () => {
  probe = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/probe'));
});
beforeEach(() => {
  store = new MemoryStore(probe.schema);
  runner = new BlockRunner(probe, store, { handlerGas: 50_000_000 });
});

function run(...commands: readonly Command[]): BlockOutcome {
  const outcome = runner.run(commandBlock(commands));
  store.apply(outcome);
  return outcome;
}

/** The text a command answered with. */
function answerOf(command: string, value?: bigint): string {
  const outcome = run([command, value]);
  expect(outcome.failure).toBeUndefined();
  return store.get('Answer', command)?.text as string;
}

function failureOf(command: string, value?: bigint): string {
  const outcome = run([command, value]);
  expect(outcome.modifications).toEqual([]);
  return outcome.failure?.message ?? 'no failure';
}

describe('numbers and conversions', () => {
  test('big integers and decimals', () => {
    expect(answerOf('numbers', 255n).split(' ')).toEqual([
      '-3',
      '-2',
      (5n ** 60n).toString(),
      '-123456789012345678901234567890123456789',
      `0x${123456789012345678901234567890123456789n.toString(16)}`,
      (-17n << 7n).toString(),
      (-17n >> 2n).toString(),
      '15',
      '4',
      '0xff',
      '85',
      // Negative numbers are cut off, and keep a digit more when their bits say so (bigdecimal 0.1.2).
      `-0.${'6'.repeat(35)}`,
      '-6000',
      '0',
      'true',
      '18446744073709551615',
      '-9223372036854775808',
    ]);
  });

  test('bytes, text and hashes', () => {
    expect(answerOf('bytes').split(' ')).toEqual([
      keccak256(toUtf8Bytes('aios')),
      'aios',
      'StV1DL6CwTryKyV',
      '0xa16081f360e3847006db660bae1c6d1b2e17ec2a',
      'é€𝄞',
      `0x${Buffer.from('é€𝄞').toString('hex')}`,
      'true',
    ]);
  });

  test('JSON keeps the digits of its numbers and sorts its keys', () => {
    expect(answerOf('json')).toBe('a 1 2500.0 x true true 123456789012345678901234567890 true -5');
  });

  test('ethereum.encode and decode agree with ethers', () => {
    const tuple = '(address,string,int256[])';
    const encoded = coder.encode([tuple], [[PROBE, 'hello', [-1n, 2n]]]);
    expect(answerOf('abi')).toBe(`${encoded} ${PROBE} hello -1 true`);
  });
});

describe('the chain', () => {
  test('events carry transaction, block and receipt', () => {
    const block = commandBlock([['event']]);
    store.apply(runner.run(block));
    const [made] = [...block.transactions.values()];
    expect(store.get('Answer', 'event')?.text).toBe(
      [
        PROBE,
        '0',
        made?.hash,
        made?.from,
        made?.to,
        made?.value,
        made?.nonce,
        block.header.timestamp,
        block.header.totalDifficulty,
        block.header.size,
        1,
        77,
        1,
        keccak256(toUtf8Bytes('Command(string,uint256)')),
      ].join(' '),
    );
  });

  test('every kind of event parameter', () => {
    const types = [
      'address',
      'bytes32',
      'bytes',
      'int256',
      'uint8',
      'bool',
      'string',
      'uint16[2]',
      'string[]',
      '(address,int64)',
    ];
    const word = `0x${'ab'.repeat(32)}`;
    const values = [PROBE, word, '0x0102', -5n, 200, true, 'grüß', [1, 65535], ['a', 'bb'], [BORN, -9n]];
    const base = commandBlock([['ignored']]);
    const [trigger] = base.triggers;
    if (trigger?.kind !== 'event') throw new Error('no event');
    const signature = `Everything(${types.join(',')})`;
    const log = {
      ...trigger.log,
      topics: [keccak256(toUtf8Bytes(signature)) as Hex],
      data: coder.encode(types, values) as Hex,
    };
    store.apply(runner.run({ ...base, triggers: [{ ...trigger, handler: 'handleEverything', log }] }));
    expect(store.get('Answer', 'everything')?.text).toBe(
      `${PROBE}|${word}|0x0102|-5|200|true|grüß|1,65535|a,bb|${BORN},-9`,
    );
  });

  test('block handlers', () => {
    const head = header(7);
    const block = { header: head, transactions: new Map(), receipts: new Map() };
    store.apply(
      runner.run({ ...block, triggers: [{ kind: 'block', dataSource: 0, handler: 'handleBlock' }] }),
    );
    expect(store.get('Answer', 'block')?.text).toBe(`7 ${head.hash} 7000000000`);
  });

  test('contract calls: arguments out, values back, reverts and nonsense alike', () => {
    const asked: string[] = [];
    store.call = ((_: unknown, to: Hex, data: Hex) => {
      asked.push(`${to} ${data}`);
      return coder.encode(['string', 'uint256'], ['price', 42n]);
    }) as unknown as typeof store.call;
    expect(answerOf('call', 9n)).toBe('price 42');
    const selector = keccak256(toUtf8Bytes('quote(address,uint256)')).slice(0, 10);
    expect(asked).toEqual([
      `${PROBE} ${selector}${coder.encode(['address', 'uint256'], [PROBE, 9n]).slice(2)}`,
    ]);
    for (const result of [null, '0x', '0x01']) {
      store.call = (() => result) as unknown as typeof store.call;
      expect(answerOf('call', 9n)).toBe('reverted');
    }
  });

  test('balances and code', () => {
    store.getBalance = () => 10n ** 30n;
    expect(answerOf('chain')).toBe(`${10n ** 30n} false`);
  });
});

describe('entities', () => {
  test('every kind of value survives the way through the store', () => {
    run(['typed', 2n ** 200n]);
    expect(store.get('Typed', 't')).toEqual({
      id: 't',
      text: 'text',
      int: -5,
      long: -9223372036854775808n,
      at: 1700000000000000n,
      big: -(2n ** 128n),
      decimal: { digits: -125n, exp: -2 },
      flag: true,
      bytes: new Uint8Array([0, 255]),
      side: 'SELL',
      texts: ['a', '', 'ü'],
      bigs: [2n ** 200n, -1n],
    });
    runner.reset([]);
    expect(answerOf('untyped')).toBe(
      `text -5 -9223372036854775808 1700000000000000 ${-(2n ** 128n)} -1.25 true 0x00ff SELL a//ü -1`,
    );
  });

  test('null unsets, and saving what is there already is no change', () => {
    run(['parent', 1n]);
    expect(run(['parent', 1n]).modifications).toEqual([]);
    const outcome = run(['unnote', 1n]);
    expect(outcome.modifications).toEqual([
      { type: 'Parent', id: '1', key: '1', data: { id: '1', name: 'parent 1' }, isNew: false },
    ]);
  });

  test('loadRelated sees the store, the block and the handlers before', () => {
    run(['parent', 1n], ['child', 3n]);
    runner.reset([]);
    run(['child', 5n]);
    const outcome = run(['child', 7n], ['child', 2n], ['family', 1n]);
    expect(outcome.failure).toBeUndefined();
    expect(store.get('Answer', 'family')?.text).toBe('-3,-5,-7');
  });

  test('loadInBlock sees this block only', () => {
    run(['parent', 1n]);
    run(['inBlock', 1n]);
    expect(store.get('Answer', 'inBlock')?.text).toBe('true false');
  });

  test('timeseries get their id and timestamp', () => {
    const block = commandBlock(
      [
        ['point', 5n],
        ['point', 6n],
      ],
      { number: 9 },
    );
    store.apply(runner.run(block));
    expect(store.all('Point')).toEqual([
      { id: 9n << 32n, timestamp: BigInt(block.header.timestamp) * 1_000_000n, value: 5n },
      { id: (9n << 32n) + 1n, timestamp: BigInt(block.header.timestamp) * 1_000_000n, value: 6n },
    ]);
  });

  test('an immutable entity of an earlier block cannot be set again', () => {
    run(['fixed', 1n]);
    expect(failureOf('fixed', 1n)).toContain('Entity Fixed[1] is immutable');
  });

  test('an immutable entity with skipDuplicates keeps its first state', () => {
    const fixed = probe.schema.entities.get('Fixed');
    if (!fixed) throw new Error('no Fixed');
    const entities = new Map([...probe.schema.entities, ['Fixed', { ...fixed, skipDuplicates: true }]]);
    const skipping = { ...probe, schema: { ...probe.schema, entities } };
    const skipper = () => new BlockRunner(skipping, store);
    const first = skipper();
    store.apply(first.run(commandBlock([['fixed', 1n]])));
    // Remembered, and asked of the store.
    for (const again of [first, skipper()])
      expect(again.run(commandBlock([['fixed', 1n]]))).toMatchObject({ modifications: [] });
    expect(store.all('Fixed')).toHaveLength(1);
  });

  test('with nonFatalErrors a failed handler loses its own changes only', () => {
    const lenient = new BlockRunner(probe, store, { nonFatalErrors: true });
    const block = commandBlock([['fixed', 1n], ['incomplete'], ['fixed', 2n]]);
    const outcome = lenient.run(block);
    expect(outcome.failure).toBeUndefined();
    expect(outcome.modifications.map(({ type, id }) => [type, id])).toEqual([
      ['Fixed', expect.anything()],
      ['Fixed', expect.anything()],
    ]);
    expect(outcome.errors).toEqual([
      {
        message: expect.stringContaining('Entity Parent[incomplete]'),
        handler: 'handleCommand',
        block: { number: block.header.number, hash: block.header.hash },
      },
    ]);
  });

  test.each([
    ['incomplete', 'Entity Parent[incomplete]: missing value for non-nullable field `name`'],
    ['badEnum', '`HOLD` is not a value of the enum Side'],
    ['badType', 'field `int` must have type Int but has type String'],
    ['undeclared', 'Attempted to set undefined fields [nowhere] for the entity type `Typed`'],
  ])('%s is refused', (command, message) => {
    expect(failureOf(command)).toContain(message);
  });
});

describe('failures and isolation', () => {
  test.each([
    ['loop', 'handler ran out of gas'],
    ['recursion', 'handler ran out of'],
    ['assert', 'Mapping aborted at src/mapping.ts, line'],
    ['critical', 'Critical error logged in mapping with log message: very bad'],
    ['zero', 'attempted to divide BigInt `5` by zero'],
  ])('%s fails deterministically', (command, message) => {
    expect(failureOf(command, 5n)).toContain(message);
  });

  test('a failed block leaves nothing behind, in entities or in the module', () => {
    const outcome = run(['parent', 1n], ['isolation'], ['loop']);
    expect(outcome).toMatchObject({ modifications: [], failure: { handler: 'handleCommand' } });
    expect(answerOf('isolation')).toBe('1 1');
    run(['removeParent', 1n]);
    expect(store.get('Answer', 'seen')?.text).toBe('gone');
  });

  test('no handler sees what another left in memory, however much that was', () => {
    const outcome = run(['isolation'], ['grow', 3n], ['isolation'], ['grow', 40n], ['isolation']);
    expect(outcome.failure).toBeUndefined();
    expect(store.get('Answer', 'isolation')?.text).toBe('1 1');
    expect(answerOf('isolation')).toBe('1 1');
  });

  test('what is logged comes with the block, once', () => {
    const origin = { handler: 'handleCommand', dataSource: 'Probe', loggedAt: expect.any(Number) };
    const block = commandBlock([['log', 5n], ['isolation'], ['log', 6n]]);
    const lines = [
      { level: 'info', text: 'hello 5', ...origin },
      { level: 'info', text: 'hello 6', ...origin },
    ];
    expect(runner.run(block).lines).toEqual(lines);
    expect(run(['isolation'])).not.toHaveProperty('lines');
  });

  test('a handler that fails leaves its lines, and one that says so', () => {
    const outcome = run(['log', 1n], ['critical'], ['log', 2n]);
    expect(outcome).toMatchObject({ modifications: [], failure: { handler: 'handleCommand' } });
    expect(outcome.lines?.map(({ level, text }) => `${level}: ${text}`)).toEqual([
      'info: hello 1',
      'critical: very bad',
      expect.stringMatching(
        /^error: the handler failed: Critical error logged in mapping with log message: very bad/,
      ),
    ]);
  });

  test('a block that is run again for its new data sources goes on with its bounds', () => {
    runner = new BlockRunner(probe, store, { lines: { lineBytes: 100, blockLines: 3, blockBytes: 1_000 } });
    const texts = (block: MappingBlock) => runner.run(block).lines?.map(({ text }) => text);
    const left = (count: number) =>
      `more lines of this block are left out, it logs more than is kept: ${count}`;
    const number = 500;
    expect(
      texts(
        commandBlock(
          [
            ['log', 1n],
            ['log', 2n],
          ],
          { number },
        ),
      ),
    ).toEqual(['hello 1', 'hello 2']);
    expect(
      texts(
        commandBlock(
          [
            ['log', 3n],
            ['log', 4n],
          ],
          { number },
        ),
      ),
    ).toEqual(['hello 3', left(1)]);
    expect(texts(commandBlock([['log', 5n]], { number }))).toEqual([left(1)]);
    expect(texts(commandBlock([['log', 6n]], { number: 501 }))).toEqual(['hello 6']);
    // Undone, and the same block again: it logs as if for the first time.
    const three = [1n, 2n, 3n].map((value) => ['log', value] as const);
    for (let times = 0; times < 2; times++) {
      expect(texts(commandBlock(three, { number: 502 }))).toEqual(['hello 1', 'hello 2', 'hello 3']);
      runner.reset([]);
    }
  });
});

describe('data sources', () => {
  test('network, address and context', () => {
    expect(answerOf('source')).toBe(`devnet ${PROBE} from the manifest 7`);
  });

  test('one made by a handler runs in the same block when that is run again', () => {
    const first = runner.run(
      commandBlock(
        [
          ['create', 5n],
          ['create', 5n],
        ],
        { number: 50 },
      ),
    );
    const context: EntityData = { label: 'made here', big: 5n };
    expect(first.createdDataSources).toEqual([{ template: 'Born', address: BORN, context, createdAt: 50 }]);
    const second = runner.run(commandBlock([['x']], { number: 50, source: 1 }));
    store.apply(second);
    expect(store.get('Answer', 'born-x')?.text).toBe(`${BORN} made here 5`);
    // It is there already.
    expect(run(['create', 5n]).createdDataSources).toEqual([]);
    // After a reset it is one of those the reset names.
    runner.reset([]);
    expect(run(['create', 5n]).createdDataSources).toHaveLength(1);
    runner.reset(first.createdDataSources);
    expect(run(['create', 5n]).createdDataSources).toEqual([]);
  });
});
