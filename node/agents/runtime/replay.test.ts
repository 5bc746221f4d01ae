// A run's digest: recorded vectors of the encoding, and replays in another process that come to the same or say where they left.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgentRuntime, type StartedRuntime } from './agent-runtime.ts';
import { canonicalJson } from './canonical-json.ts';
import { encodeRun, isReproducible, runDigest } from './digest.ts';
import { replay } from './replay.ts';
import type { HostAnswer, Json, RunHooks, RunOutcome, RunRequest } from './runtime.ts';
import { codeOf, requestOf } from './testing/requests.ts';

let recording: StartedRuntime;
let replaying: StartedRuntime;
beforeAll(async () => {
  recording = createAgentRuntime({ lanes: 1 });
  replaying = createAgentRuntime({ lanes: 1 });
  await Promise.all([recording.start(), replaying.start()]);
});
afterAll(async () => {
  await Promise.all([recording.close(), replaying.close()]);
});

// Example of RFC 8785, section 3.2.2 and 3.2.3.
test('canonical JSON is that of RFC 8785', () => {
  const value = {
    '€': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '😀': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    ö: 'Latin Small Letter O With Diaeresis',
  };
  expect(canonicalJson(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  );
  expect(
    canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0]),
  ).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
});

test('the order of keys never matters, every value does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = canonicalJson(value as Json);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      const reversed = (node: unknown): unknown =>
        Array.isArray(node)
          ? node.map(reversed)
          : node !== null && typeof node === 'object'
            ? Object.fromEntries(
                Object.entries(node)
                  .reverse()
                  .map(([key, member]) => [key, reversed(member)]),
              )
            : node;
      expect(canonicalJson(reversed(value) as Json)).toBe(text);
    }),
  );
});

test('the encoding is the recorded one', () => {
  const encoded = encodeRun({
    code: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    engine: 'example/1',
    input: { b: 1, a: [true, null] },
    seed: '00'.repeat(32),
    startedAt: 1767323045000,
    calls: [
      { call: { index: 0, capability: 'http', args: { url: 'x' } }, answer: { ok: { status: 200 } } },
      {
        call: { index: 1, capability: 'pay', args: 5 },
        answer: { error: { code: 'NO_FUNDS', message: 'top up' } },
      },
    ],
    output: 'done',
    gas: 42,
  });
  expect(encoded).toBe(
    `aios-run/1\n{"calls":[["http",{"url":"x"},{"ok":{"status":200}}],["pay",5,{"error":{"code":"NO_FUNDS","message":"top up"}}]],"code":"bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy","engine":"example/1","gas":42,"input":{"a":[true,null],"b":1},"result":{"output":"done"},"seed":"${'00'.repeat(32)}","startedAt":1767323045000}`,
  );
  expect(createHash('sha256').update(encoded).digest('hex')).toBe(
    'cb689bf7cf7df242f227dbda29e448a468508054d18c0c79725367d01b36dd61',
  );
});

const SHOP =
  'export const run = (input, aios) => { let sum = 0; for (const item of input.items) { try { sum += aios.call("price", { item }); } catch (error) { aios.log("no", error.code); } } return { sum, at: Date.now(), lot: Math.random() }; };';
const prices: RunHooks = {
  call: async ({ args }): Promise<HostAnswer> => {
    const { item } = args as { item: string };
    return item === 'gone' ? { error: { code: 'UNKNOWN_ITEM', message: item } } : { ok: item.length * 1.5 };
  },
};
const shop = (source = SHOP, items = ['pear', 'gone', 'apple']): RunRequest =>
  requestOf(codeOf('javascript', source), { items });

test('a replay in another process has the same output, logs, gas and digest', async () => {
  const request = shop();
  const recorded = await recording.run(request, prices);
  const again = await replay(replaying, request, recorded.calls, { engine: recorded.engine });
  const { wallMs: _w, cpuMs: _c, ...kept } = recorded;
  expect(again).toMatchObject(kept);
  expect(runDigest(request, again)).toBe(runDigest(request, recorded));
  // Recorded: the same on every version of Node and every machine.
  expect(runDigest(request, recorded)).toBe(
    '0xb80962b634a7bdc324895450bbcd27ca409bcdabb02ce0562b1899f0696f2d44',
  );
});

test('failures and limits replay, too; what a clock ended is known not to', async () => {
  const ends: [string, string][] = [
    ['throw new Error("no")', 'AGENT_THREW'],
    ['for (;;);', 'OUT_OF_GAS'],
    ['const all = []; for (;;) all.push(new Uint8Array(1e5))', 'OUT_OF_MEMORY'],
    ['return "x".repeat(2e5)', 'OUTPUT_TOO_LARGE'],
    ['const deep = () => 1 + deep(); deep()', 'AGENT_THREW'],
  ];
  for (const [body, code] of ends) {
    const request = requestOf(codeOf('javascript', `export const run = () => { ${body}; };`), null, {
      gas: 300_000,
    });
    const recorded = await recording.run(request, prices);
    expect(recorded.error?.code).toBe(code);
    expect(isReproducible(recorded)).toBe(true);
    expect(runDigest(request, await replay(replaying, request, []))).toBe(runDigest(request, recorded));
  }
  expect(isReproducible({ error: { code: 'DEADLINE_EXCEEDED', message: '' } })).toBe(false);
});

const changed = (request: RunRequest, outcome: RunOutcome) => runDigest(request, outcome);

test('a changed answer, input, seed, start or byte of code is another digest, or is told where it leaves the log', async () => {
  const request = shop();
  const recorded = await recording.run(request, prices);
  const digest = changed(request, recorded);
  const answers = recorded.calls.map(({ call, answer }, index) => ({
    call,
    answer: index === 2 ? { ok: 7.4 } : answer,
  }));
  expect(changed(request, await replay(replaying, request, answers))).not.toBe(digest);
  for (const other of [
    { ...request, seed: '01'.repeat(32) },
    { ...request, startedAt: request.startedAt + 1 },
    shop(SHOP.replace('sum = 0', 'sum = 1')),
    shop(SHOP.replace('sum = 0', 'sum = 0 ')),
  ])
    expect(changed(other, await replay(replaying, other, recorded.calls))).not.toBe(digest);
  await expect(
    replay(replaying, shop(SHOP, ['pear', 'gone', 'lemon']), recorded.calls),
  ).rejects.toMatchObject({
    code: 'REPLAY_DIVERGED',
    message: expect.stringMatching(
      /^call 2: the guest asks price {"item":"lemon"}, the log has price {"item":"apple"}/,
    ),
  });
  await expect(replay(replaying, shop(SHOP, ['pear']), recorded.calls)).rejects.toThrow(
    /^call 1: the guest ended/,
  );
  await expect(replay(replaying, request, recorded.calls.slice(0, 1))).rejects.toThrow(
    /the log has no more calls/,
  );
  await expect(replay(replaying, request, recorded.calls, { engine: 'other/2' })).rejects.toMatchObject({
    code: 'REPLAY_ENGINE',
  });
});
