// A heap that is used again is the same as a new one, to the last byte; one that grew or was stopped is not used again.
import { expect, test } from 'vitest';
import { PAGE_SIZE } from '#node/platform/wasm/limit-memory.ts';
import type { GuestHost, GuestOutcome } from '../guest.ts';
import { TEST_LIMITS } from '../testing/requests.ts';
import { runQuickJs } from './quickjs-guest.ts';
import type { QuickJsCallbacks } from './quickjs-instance.ts';
import { bootQuickJs, QuickJsHeaps } from './quickjs-snapshot.ts';

const snapshot = bootQuickJs();
const pages = TEST_LIMITS.memoryBytes / PAGE_SIZE;
const encoder = new TextEncoder();
const host: GuestHost = {
  call: () => encoder.encode('{"ok":1}'),
  log: () => undefined,
  checkpoint: () => undefined,
};
const unused: QuickJsCallbacks = {
  now: () => 0,
  interrupt: () => undefined,
  hostFunction: () => 0,
  loadModule: () => undefined,
  resolveModule: (_from, requested) => requested,
};

function run(heaps: QuickJsHeaps, source: string, gas = TEST_LIMITS.gas): GuestOutcome {
  const code = {
    language: 'javascript' as const,
    entry: 'a.js',
    files: new Map([['a.js', encoder.encode(source)]]),
  };
  const limits = { ...TEST_LIMITS, gas };
  return runQuickJs(
    snapshot,
    heaps,
    { code, input: encoder.encode('1'), seed: '07'.repeat(32), startedAt: 5, limits },
    host,
  );
}

const WORK =
  'export const run = (n, aios) => { const all = []; for (let i = 0; i < 2000; i += 1) all.push({ i, text: "x".repeat(i % 50) }); const deep = (d) => d === 0 ? aios.call("x") : deep(d - 1); return [deep(200), all.length, Math.random()]; };';

test('a cleared heap equals a new one', () => {
  const heaps = new QuickJsHeaps(snapshot);
  const first = run(heaps, WORK);
  expect(first.error).toBeUndefined();
  const reused = heaps.take(pages, unused);
  const fresh = new QuickJsHeaps(snapshot).take(pages, unused);
  expect(Buffer.compare(reused.bytes, fresh.bytes)).toBe(0);
  const values = (instance: typeof fresh) => instance.globals.map(([name, global]) => [name, global.value]);
  expect(values(reused)).toEqual(values(fresh));
  heaps.give(reused);
  expect(heaps.take(pages, unused)).toBe(reused);
  heaps.give(reused);
  expect(run(heaps, WORK)).toEqual(first);
});

test('after a stop or growth, or for another limit, there is a new one', () => {
  const heaps = new QuickJsHeaps(snapshot);
  const given = () => {
    const instance = heaps.take(pages, unused);
    heaps.give(instance);
    return instance;
  };
  const first = given();
  expect(run(heaps, 'export const run = () => { for (;;); };', 50_000).error?.code).toBe('OUT_OF_GAS');
  const second = given();
  expect(second).not.toBe(first);
  expect(
    run(heaps, 'export const run = () => { globalThis.kept = new Uint8Array(8e6); };').error,
  ).toBeUndefined();
  const third = given();
  expect(third).not.toBe(second);
  expect(heaps.take(pages + 1, unused)).not.toBe(third);
});
