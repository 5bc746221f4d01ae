import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { exportMutableGlobals, GLOBAL_PREFIX } from './export-globals.ts';
import { GAS_GLOBAL, injectGas } from './gas.ts';
import { ByteReader, ByteWriter } from './leb128.ts';
import { limitMemory } from './limit-memory.ts';
import { readSections, SECTION, writeSections } from './module-sections.ts';

const LOCALS = 4;
/** Local 4 counts the turns of the innermost loop, 5 the one around it, and so on. */
const MAX_DEPTH = 4;

type Expression =
  | { kind: 'constant'; value: number }
  | { kind: 'local'; index: number }
  | { kind: 'binary'; opcode: number; left: Expression; right: Expression };
type Statement =
  | { kind: 'set'; index: number; value: Expression }
  | { kind: 'if'; condition: Expression; whenTrue: Statement[]; otherwise: Statement[] }
  | { kind: 'loop'; turns: number; body: Statement[]; leave: Expression }
  | { kind: 'switch'; on: Expression; cases: Statement[][] }
  | { kind: 'fill'; length: number }
  | { kind: 'call'; index: number }
  | { kind: 'return'; value: Expression };

const expression: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('constant' as const), value: fc.integer({ min: -1000, max: 1000 }) }),
    fc.record({ kind: fc.constant('local' as const), index: fc.nat(LOCALS - 1) }),
    fc.record({
      kind: fc.constant('binary' as const),
      // add, sub, mul, and, or, xor, eq, lt_s
      opcode: fc.constantFrom(0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x46, 0x48),
      left: tie('expression'),
      right: tie('expression'),
    }),
  ),
})).expression;

const statements: fc.Arbitrary<Statement[]> = fc.letrec<{ list: Statement[]; statement: Statement }>(
  (tie) => ({
    list: fc.array(tie('statement'), { maxLength: 4 }),
    statement: fc.oneof(
      { maxDepth: MAX_DEPTH - 1 },
      fc.record({ kind: fc.constant('set' as const), index: fc.nat(LOCALS - 1), value: expression }),
      fc.record({ kind: fc.constant('fill' as const), length: fc.nat(200) }),
      fc.record({ kind: fc.constant('call' as const), index: fc.nat(LOCALS - 1) }),
      fc.record({ kind: fc.constant('return' as const), value: expression }),
      fc.record({
        kind: fc.constant('if' as const),
        condition: expression,
        whenTrue: tie('list'),
        otherwise: tie('list'),
      }),
      fc.record({
        kind: fc.constant('loop' as const),
        turns: fc.nat(5),
        body: tie('list'),
        leave: expression,
      }),
      fc.record({
        kind: fc.constant('switch' as const),
        on: expression,
        cases: fc.array(tie('list'), { maxLength: 3 }),
      }),
    ),
  }),
).list;

const signed = (out: ByteWriter, value: number): ByteWriter => out.s64(BigInt(value));

function emitExpression(out: ByteWriter, node: Expression): void {
  if (node.kind === 'constant') signed(out.byte(0x41), node.value);
  else if (node.kind === 'local') out.byte(0x20).u32(node.index);
  else {
    emitExpression(out, node.left);
    emitExpression(out, node.right);
    out.byte(node.opcode);
  }
}

function emit(out: ByteWriter, list: readonly Statement[], depth: number): void {
  for (const node of list) {
    if (node.kind === 'set') {
      emitExpression(out, node.value);
      out.byte(0x21).u32(node.index);
    } else if (node.kind === 'fill') {
      signed(out.byte(0x41), 16);
      out.byte(0x20).u32(0);
      signed(out.byte(0x41), node.length);
      out.byte(0xfc).u32(11).byte(0);
    } else if (node.kind === 'call') {
      out.byte(0x20).u32(node.index).byte(0x10).u32(1).byte(0x21).u32(node.index);
    } else if (node.kind === 'return') {
      emitExpression(out, node.value);
      out.byte(0x0f);
    } else if (node.kind === 'if') {
      emitExpression(out, node.condition);
      out.byte(0x04).byte(0x40);
      emit(out, node.whenTrue, depth);
      out.byte(0x05);
      emit(out, node.otherwise, depth);
      out.byte(0x0b);
    } else if (node.kind === 'loop') {
      const counter = LOCALS + depth;
      signed(out.byte(0x41), node.turns).byte(0x21).u32(counter);
      out.byte(0x02).byte(0x40).byte(0x03).byte(0x40);
      out.byte(0x20).u32(counter).byte(0x45).byte(0x0d).u32(1);
      signed(out.byte(0x20).u32(counter).byte(0x41), 1).byte(0x6b).byte(0x21).u32(counter);
      emit(out, node.body, depth + 1);
      emitExpression(out, node.leave);
      signed(out.byte(0x41), 7).byte(0x46).byte(0x0d).u32(1);
      out.byte(0x0c).u32(0).byte(0x0b).byte(0x0b);
    } else {
      const count = node.cases.length;
      for (let open = 0; open <= count; open += 1) out.byte(0x02).byte(0x40);
      emitExpression(out, node.on);
      out.byte(0x0e).u32(count);
      for (let target = 0; target <= count; target += 1) out.u32(target);
      out.byte(0x0b);
      node.cases.forEach((body, index) => {
        emit(out, body, depth);
        // Odd cases fall through to the next.
        if (index % 2 === 0) out.byte(0x0c).u32(count - 1 - index);
        out.byte(0x0b);
      });
    }
  }
}

const I32_TYPE = 0x7f;

/** x < 10 ? x : 3 · x, leaving by a branch to the outermost label. */
function calleeBody(): Uint8Array {
  const body = new ByteWriter().u32(0).byte(0x20).u32(0).byte(0x20).u32(0);
  signed(body.byte(0x41), 10).byte(0x48).byte(0x0d).u32(0);
  return signed(body.byte(0x41), 3).byte(0x6c).byte(0x0b).finish();
}

/** A module exporting `run(a, b, c, d)` and its memory; the result mixes the locals. */
function moduleOf(list: readonly Statement[]): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter()
    .u32(1)
    .u32(MAX_DEPTH + 1)
    .byte(I32_TYPE);
  emit(body, list, 0);
  body.byte(0x20).u32(0);
  for (let local = 1; local < LOCALS; local += 1) {
    signed(body.byte(0x41), 31).byte(0x6c).byte(0x20).u32(local).byte(0x6a);
  }
  const bodies = [body.byte(0x0b).finish(), calleeBody()];
  const types = new ByteWriter().u32(2);
  for (const parameters of [LOCALS, 1]) {
    types.byte(0x60).u32(parameters).raw(new Uint8Array(parameters).fill(I32_TYPE)).u32(1).byte(I32_TYPE);
  }
  const code = new ByteWriter().u32(bodies.length);
  for (const bytes of bodies) code.u32(bytes.length).raw(bytes);
  const exports = new ByteWriter().u32(2).name('run').byte(0).u32(0).name('memory').byte(2).u32(0);
  return writeSections([
    { id: SECTION.type, content: types.finish() },
    { id: SECTION.function, content: new ByteWriter().u32(2).u32(0).u32(1).finish() },
    { id: SECTION.memory, content: new ByteWriter().u32(1).byte(0).u32(1).finish() },
    { id: SECTION.export, content: exports.finish() },
    { id: SECTION.code, content: code.finish() },
  ]);
}

interface Program {
  readonly run: (a: number, b: number, c: number, d: number) => number;
  readonly memory: WebAssembly.Memory;
  readonly [GAS_GLOBAL]: WebAssembly.Global;
}

const start = (bytes: Uint8Array<ArrayBuffer>): Program =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Program;

describe('injectGas', () => {
  test('a metered program computes what the program computes, and its gas depends on nothing else', () => {
    fc.assert(
      fc.property(statements, fc.array(fc.integer(), { minLength: 4, maxLength: 4 }), (list, values) => {
        const [a = 0, b = 0, c = 0, d = 0] = values;
        const bytes = moduleOf(list);
        const plain = start(bytes);
        const metered = start(injectGas(bytes));
        const gas = metered[GAS_GLOBAL];
        gas.value = 1_000_000_000n;
        expect(metered.run(a, b, c, d)).toBe(plain.run(a, b, c, d));
        expect(Buffer.from(metered.memory.buffer).equals(Buffer.from(plain.memory.buffer))).toBe(true);
        const used = 1_000_000_000n - (gas.value as bigint);
        expect(used).toBeGreaterThan(0n);

        // Exactly what it needs suffices; one unit less traps.
        const exact = start(injectGas(bytes));
        exact[GAS_GLOBAL].value = used;
        exact.run(a, b, c, d);
        expect(exact[GAS_GLOBAL].value).toBe(0n);
        const short = start(injectGas(bytes));
        short[GAS_GLOBAL].value = used - 1n;
        expect(() => short.run(a, b, c, d)).toThrow(WebAssembly.RuntimeError);
        expect(short[GAS_GLOBAL].value).toBeLessThan(0n);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 100) },
    );
  });

  test('a loop without end traps', () => {
    const body = new ByteWriter()
      .u32(0)
      .byte(0x03)
      .byte(0x40)
      .byte(0x0c)
      .u32(0)
      .byte(0x0b)
      .byte(0x41)
      .u32(0)
      .byte(0x0b);
    const code = body.finish();
    const callee = calleeBody();
    const both = new ByteWriter().u32(2).u32(code.length).raw(code).u32(callee.length).raw(callee).finish();
    const sections = readSections(moduleOf([])).map((old) =>
      old.id === SECTION.code ? { id: old.id, content: both } : old,
    );
    const program = start(injectGas(writeSections(sections)));
    program[GAS_GLOBAL].value = 1_000_000n;
    expect(() => program.run(0, 0, 0, 0)).toThrow(/unreachable/);
    expect(program[GAS_GLOBAL].value).toBe(-1n);
  });

  test('bulk memory instructions cost their length', () => {
    const used = (length: number): bigint => {
      const program = start(injectGas(moduleOf([{ kind: 'fill', length }])));
      program[GAS_GLOBAL].value = 10_000n;
      program.run(1, 2, 3, 4);
      return 10_000n - (program[GAS_GLOBAL].value as bigint);
    };
    expect(used(150) - used(50)).toBe(100n);
  });

  test('what a callee spent before it threw is not given back', () => {
    // run(x): try { callee(x) } catch { 7 }; callee(x): if (x == 0) throw; x
    const run = [0x00, 0x06, I32_TYPE, 0x20, 0, 0x10, 1, 0x07, 0, 0x41, 7, 0x0b, 0x0b];
    const callee = [0x00, 0x20, 0, 0x45, 0x04, 0x40, 0x08, 0, 0x0b, 0x20, 0, 0x0b];
    const code = new ByteWriter().u32(2);
    for (const body of [run, callee]) code.u32(body.length).raw(new Uint8Array(body));
    const bytes = writeSections([
      { id: SECTION.type, content: new Uint8Array([2, 0x60, 1, I32_TYPE, 1, I32_TYPE, 0x60, 0, 0]) },
      { id: SECTION.function, content: new Uint8Array([2, 0, 0]) },
      { id: SECTION.tag, content: new Uint8Array([1, 0, 1]) },
      { id: SECTION.export, content: new ByteWriter().u32(1).name('run').byte(0).u32(0).finish() },
      { id: SECTION.code, content: code.finish() },
    ]);
    const spent = (value: number, gas: bigint): [number, bigint] => {
      const program = start(injectGas(bytes));
      program[GAS_GLOBAL].value = gas;
      return [program.run(value, 0, 0, 0), gas - (program[GAS_GLOBAL].value as bigint)];
    };
    // get, call (5), get, eqz, if; then get, or throw and const.
    expect(spent(5, 100n)).toEqual([5, 10n]);
    expect(spent(0, 100n)).toEqual([7, 11n]);
    expect(spent(0, 11n)).toEqual([7, 11n]);
    expect(() => spent(0, 10n)).toThrow(/unreachable/);
  });

  test('the gas of each turn of a loop is the same', () => {
    const used = (turns: number): bigint => {
      const body: Statement[] = [{ kind: 'set', index: 0, value: { kind: 'constant', value: 5 } }];
      const leave: Expression = { kind: 'constant', value: 0 };
      const program = start(injectGas(moduleOf([{ kind: 'loop', turns, body, leave }])));
      program[GAS_GLOBAL].value = 100_000n;
      program.run(0, 0, 0, 0);
      return 100_000n - (program[GAS_GLOBAL].value as bigint);
    };
    expect(used(7) - used(6)).toBe(used(2) - used(1));
    expect(used(107) - used(7)).toBe(100n * (used(2) - used(1)));
  });

  test('a real mapping module stays valid', () => {
    const file = join(packageRoot, 'indexer/mapping/fixtures/token/build/Token/Token.wasm');
    const bytes = new Uint8Array(readFileSync(file));
    const rewritten = injectGas(exportMutableGlobals(bytes));
    expect(WebAssembly.validate(rewritten)).toBe(true);
    const before = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name);
    const after = WebAssembly.Module.exports(new WebAssembly.Module(rewritten)).map(({ name }) => name);
    const added = after.filter((name) => !before.includes(name));
    expect(added).toContain(GAS_GLOBAL);
    expect(added.filter((name) => name.startsWith(GLOBAL_PREFIX)).length).toBeGreaterThan(0);
    expect(after.slice(0, before.length)).toEqual(before);
  });

  test('what is no module is refused with a code', () => {
    expect(() => injectGas(new Uint8Array([1, 2, 3]))).toThrow(/not a WebAssembly module/);
    expect(() => injectGas(moduleOf([]).subarray(0, 40))).toThrow(/cut off/);
  });
});

describe('limitMemory', () => {
  test('growth past the limit fails inside the module', () => {
    const program = start(limitMemory(moduleOf([]), 3));
    expect(program.memory.grow(2)).toBe(1);
    expect(() => program.memory.grow(1)).toThrow(RangeError);
  });

  test('a module that needs more from the start is refused', () => {
    expect(() => limitMemory(moduleOf([]), 0)).toThrow(/needs 1 pages/);
  });
});

test('LEB128 integers survive writing and reading', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
      const reader = new ByteReader(new ByteWriter().u32(value).finish());
      expect(reader.u32()).toBe(value);
      expect(reader.done).toBe(true);
    }),
  );
});
