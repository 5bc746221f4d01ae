// Canonical NaNs against V8's own arithmetic: every result that is a number stays, every NaN has the same bits.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { injectGas } from '#node/platform/wasm/gas.ts';
import { wasmOf } from '../testing/wasm-agents.ts';
import { deterministicCode } from './deterministic-code.ts';

const BINARY = ['add', 'sub', 'mul', 'div', 'min', 'max'];
const UNARY = ['sqrt', 'ceil', 'floor', 'trunc', 'nearest'];
const function64 = (name: string, body: string): string =>
  `(func (export "${name}") (param f64 f64) (result i64) (local i32) (i64.reinterpret_f64 ${body}))`;
const module = wasmOf(`(module
  ${BINARY.map((op) => function64(op, `(f64.${op} (local.get 0) (local.get 1))`)).join('\n')}
  ${UNARY.map((op) => function64(op, `(f64.${op} (local.get 0))`)).join('\n')}
  ${function64('demoted', '(f64.promote_f32 (f32.mul (f32.demote_f64 (local.get 0)) (f32.demote_f64 (local.get 1))))')}
  ${function64('loop', '(f64.add (loop (result f64) (f64.div (local.get 0) (local.get 1))) (f64.const 1))')}
  (func (export "kept") (param i64) (result i64) (i64.reinterpret_f64 (f64.neg (f64.reinterpret_i64 (local.get 0))))))`);

type Exports = Record<string, (a: number | bigint, b?: number) => bigint>;
const instantiate = (bytes: Uint8Array<ArrayBuffer>) =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports;
const plain = instantiate(Uint8Array.from(module));
const ours = instantiate(deterministicCode(injectGas(module)));
const isNaN64 = (bits: bigint) => (BigInt.asUintN(64, bits) & 0x7fffffffffffffffn) > 0x7ff0000000000000n;

test('numbers stay as they are, and every NaN is the canonical one', () => {
  const names = [...BINARY, ...UNARY, 'demoted', 'loop'];
  let nans = 0;
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.double(), fc.double(), (name, a, b) => {
      const expected = plain[name]?.(a, b) ?? 0n;
      const got = ours[name]?.(a, b) ?? 0n;
      if (!isNaN64(expected)) return got === expected;
      nans += 1;
      return BigInt.asUintN(64, got) === 0x7ff8000000000000n;
    }),
    {
      numRuns: 5_000,
      examples: [
        ['div', 0, 0],
        ['sub', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
        ['sqrt', -1, 0],
        ['demoted', Number.NaN, 1],
      ],
    },
  );
  expect(nans).toBeGreaterThan(10);
});

test('what only moves bits keeps those of a NaN that the guest made itself', () => {
  expect(BigInt.asUintN(64, ours.kept?.(0x7ff8000000001234n) ?? 0n)).toBe(0xfff8000000001234n);
});

test('gas is the same with and without', () => {
  const spent = (bytes: Uint8Array<ArrayBuffer>) => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const gas = exports['aios.gas'] as WebAssembly.Global<'i64'>;
    gas.value = 1_000n;
    (exports as unknown as Exports).loop?.(1, 2);
    return gas.value;
  };
  expect(spent(deterministicCode(injectGas(module)))).toBe(spent(injectGas(module)));
});

test('exceptions are refused: catch_all would catch what stops a guest', () => {
  // () → () with: try catch_all end
  const body = [0, 0x06, 0x40, 0x19, 0x0b, 0x0b];
  const bytes = Uint8Array.of(
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    1,
    4,
    1,
    0x60,
    0,
    0,
    3,
    2,
    1,
    0,
    10,
    body.length + 2,
    1,
    body.length,
    ...body,
  );
  expect(WebAssembly.validate(bytes)).toBe(true);
  expect(() => deterministicCode(bytes)).toThrow(/exceptions are not supported/);
});
