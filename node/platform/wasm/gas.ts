// Injects gas metering into a WebAssembly module, so that code which does not end traps at the same instruction on every machine.
import { AiosError } from '#node/platform/errors.ts';
import { type Instruction, OP, readInstruction } from './instructions.ts';
import { ByteReader, ByteWriter } from './leb128.ts';
import {
  appendEntries,
  EXTERNAL,
  exportEntry,
  readGlobals,
  readImports,
  readSections,
  SECTION,
  type Section,
  sectionContent,
  withSection,
  writeSections,
} from './module-sections.ts';

/** Name under which the remaining gas is exported: a mutable i64 global that the host sets before each run. */
export const GAS_GLOBAL = 'aios.gas';

const I32 = 0x7f;
const I64 = 0x7e;
const EMPTY_BLOCK = 0x40;
const MAX_GAS = 2n ** 63n - 1n;

/** Marks of structure, which the machine does not execute. */
const FREE: ReadonlySet<number> = new Set([
  OP.block,
  OP.loop,
  OP.else,
  OP.end,
  OP.try,
  OP.catch,
  OP.catchAll,
  OP.delegate,
]);
/** A call costs more than its instruction: argument moves, a stack check, a prologue. */
const CALL_COST = 5;
const CALLS: ReadonlySet<number> = new Set([OP.call, OP.callIndirect, OP.returnCall, OP.returnCallIndirect]);

function costOf(instruction: Instruction): number {
  if (FREE.has(instruction.opcode)) return 0;
  return CALLS.has(instruction.opcode) ? CALL_COST : 1;
}

interface Charge {
  readonly offset: number;
  readonly gas: number;
}

interface FunctionPlan {
  readonly charges: readonly Charge[];
  /** Offsets of instructions whose operand count is charged as well. */
  readonly bulk: readonly number[];
  /** Offsets before which the global must hold what the function's own counter holds: calls and every way out. */
  readonly store: readonly number[];
  /** Offsets behind calls, where the global knows better. */
  readonly load: readonly number[];
}

/** Opcode and use of the blocks around an instruction. */
interface OpenBlock {
  readonly opcode: number;
  targeted: boolean;
}

/**
 * Finds the basic blocks of a function body and what each costs. A new one begins at the entry, after every branch, and wherever a
 * branch may arrive.
 */
function planFunction(code: ByteReader, end: number): FunctionPlan {
  const charges: Charge[] = [];
  const bulk: number[] = [];
  const store: number[] = [];
  const load: number[] = [];
  const open: OpenBlock[] = [{ opcode: OP.block, targeted: false }];
  let start = code.offset;
  let gas = 0;
  const beginBlock = (offset: number): void => {
    if (gas > 0) charges.push({ offset: start, gas });
    start = offset;
    gas = 0;
  };
  while (code.offset < end) {
    const instruction = readInstruction(code);
    gas += costOf(instruction);
    if (instruction.bulk) bulk.push(instruction.start);
    const { opcode } = instruction;
    if (CALLS.has(opcode) || opcode === OP.return || instruction.end === end) store.push(instruction.start);
    // A branch to the outermost label leaves the function.
    else if (instruction.targets.includes(open.length - 1)) store.push(instruction.start);
    // What is thrown leaves as a return does.
    else if (opcode === OP.throw || opcode === OP.rethrow) store.push(instruction.start);
    if (opcode === OP.call || opcode === OP.callIndirect) load.push(instruction.end);
    // An exception arrives from a call: the callee knows what is left.
    else if (opcode === OP.catch || opcode === OP.catchAll) load.push(instruction.end);
    for (const depth of instruction.targets) {
      const target = open.at(-1 - depth);
      if (target !== undefined) target.targeted = true;
    }
    switch (opcode) {
      case OP.block:
        open.push({ opcode: OP.block, targeted: false });
        break;
      case OP.loop:
      case OP.if:
      case OP.try:
        open.push({ opcode, targeted: false });
        beginBlock(instruction.end);
        break;
      case OP.end:
      case OP.delegate: {
        const closed = open.pop();
        // Code after an untargeted block is reached exactly as often as the code before its end.
        if (closed === undefined || closed.opcode !== OP.block || closed.targeted)
          beginBlock(instruction.end);
        break;
      }
      case OP.else:
      case OP.catch:
      case OP.catchAll:
      case OP.throw:
      case OP.rethrow:
      case OP.br:
      case OP.brIf:
      case OP.brTable:
      case OP.return:
      case OP.returnCall:
      case OP.returnCallIndirect:
      case OP.unreachable:
        beginBlock(instruction.end);
        break;
      default:
    }
  }
  beginBlock(end);
  return { charges, bulk, store, load };
}

/**
 * Writes the metering code of one function. The gas lives in a local while the function runs, which the compiler keeps in a
 * register: touching the global in every block would make tight loops three times as slow.
 */
class Meter {
  readonly #global: number;
  readonly #gas: number;
  readonly #count: number;
  readonly #out: ByteWriter;

  /** `gas` is the index of an i64 local, `count` that of an i32 local for operands of bulk instructions. */
  constructor(out: ByteWriter, global: number, gas: number, count: number) {
    this.#out = out;
    this.#global = global;
    this.#gas = gas;
    this.#count = count;
  }

  load(): void {
    this.#out.byte(OP.globalGet).u32(this.#global).byte(OP.localSet).u32(this.#gas);
  }

  store(): void {
    this.#out.byte(OP.localGet).u32(this.#gas).byte(OP.globalSet).u32(this.#global);
  }

  #trapWhenSpent(): void {
    this.#out.byte(OP.localTee).u32(this.#gas).byte(OP.i64Const).s64(0n).byte(OP.i64LtS);
    this.#out.byte(OP.if).byte(EMPTY_BLOCK);
    this.store();
    this.#out.byte(OP.unreachable).byte(OP.end);
  }

  charge(gas: number): void {
    this.#out.byte(OP.localGet).u32(this.#gas).byte(OP.i64Const).s64(BigInt(gas)).byte(OP.i64Sub);
    this.#trapWhenSpent();
  }

  /** Charges the i32 on top of the stack, one unit each, and leaves it there. */
  chargeOperand(): void {
    this.#out.byte(OP.localTee).u32(this.#count);
    this.#out.byte(OP.localGet).u32(this.#gas).byte(OP.localGet).u32(this.#count);
    this.#out.byte(OP.i64ExtendI32U).byte(OP.i64Sub);
    this.#trapWhenSpent();
  }
}

/** Parameter counts of the functions a module defines, in order of their bodies. */
export function parameterCounts(sections: readonly Section[]): number[] {
  const types: number[] = [];
  const typeReader = new ByteReader(sectionContent(sections, SECTION.type) ?? new Uint8Array([0]));
  for (let left = typeReader.u32(); left > 0; left -= 1) {
    const form = typeReader.byte();
    if (form !== 0x60) {
      throw new AiosError(
        'WASM_UNSUPPORTED',
        'recursive types are not supported: build without the GC proposal',
      );
    }
    const parameters = typeReader.u32();
    typeReader.take(parameters);
    typeReader.take(typeReader.u32());
    types.push(parameters);
  }
  const reader = new ByteReader(sectionContent(sections, SECTION.function) ?? new Uint8Array([0]));
  const counts: number[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) counts.push(types[reader.u32()] ?? 0);
  return counts;
}

function meterFunction(body: Uint8Array, parameters: number, global: number): Uint8Array {
  const reader = new ByteReader(body);
  const groups = reader.u32();
  const groupsStart = reader.offset;
  let locals = parameters;
  for (let left = groups; left > 0; left -= 1) {
    locals += reader.u32();
    reader.byte();
  }
  const codeStart = reader.offset;
  const { charges, bulk, store, load } = planFunction(reader, body.length);

  const out = new ByteWriter(body.length * 2 + 64);
  out
    .u32(groups + 2)
    .raw(body.subarray(groupsStart, codeStart))
    .u32(1)
    .byte(I64)
    .u32(1)
    .byte(I32);
  const meter = new Meter(out, global, locals, locals + 1);
  // At one place: take over what a call left, charge what follows, and only then hand it on.
  const points = [
    ...load.map((offset) => ({ offset, order: 0, write: () => meter.load() })),
    ...charges.map(({ offset, gas }) => ({ offset, order: 1, write: () => meter.charge(gas) })),
    ...bulk.map((offset) => ({ offset, order: 2, write: () => meter.chargeOperand() })),
    ...store.map((offset) => ({ offset, order: 3, write: () => meter.store() })),
  ].sort((left, right) => left.offset - right.offset || left.order - right.order);
  meter.load();
  let copied = codeStart;
  for (const { offset, write } of points) {
    out.raw(body.subarray(copied, offset));
    write();
    copied = offset;
  }
  return out.raw(body.subarray(copied)).finish();
}

/**
 * The module with every basic block charging its instructions to the exported global `aios.gas`; when that falls below zero the
 * module traps with `unreachable`. Bulk memory and table instructions also charge their length. Results are otherwise equal.
 *
 * While the module runs the global is up to date inside imported functions (which may lower it) and after it returned or ran out; after
 * another trap it shows what was left at the last call.
 *
 * The host sets `(instance.exports[GAS_GLOBAL] as WebAssembly.Global).value` before each call and tells a spent run by its sign.
 *
 * @param options.initial gas before the host sets any (the start function runs on it); unlimited by default
 * @throws AiosError `WASM_INVALID` or `WASM_UNSUPPORTED`
 */
export function injectGas(
  module: Uint8Array,
  options: { readonly initial?: bigint } = {},
): Uint8Array<ArrayBuffer> {
  let sections = readSections(module);
  const global = readImports(sections).globals.length + readGlobals(sections).length;
  const code = sectionContent(sections, SECTION.code);
  if (code !== undefined) {
    const parameters = parameterCounts(sections);
    const reader = new ByteReader(code);
    const count = reader.u32();
    const out = new ByteWriter(code.length * 2).u32(count);
    for (let index = 0; index < count; index += 1) {
      const body = meterFunction(reader.take(reader.u32()), parameters[index] ?? 0, global);
      out.u32(body.length).raw(body);
    }
    sections = withSection(sections, SECTION.code, out.finish());
  }
  const initial = options.initial ?? MAX_GAS;
  const entry = new ByteWriter(16).byte(I64).byte(1).byte(OP.i64Const).s64(initial).byte(OP.end).finish();
  sections = appendEntries(sections, SECTION.global, [entry]);
  sections = appendEntries(sections, SECTION.export, [exportEntry(GAS_GLOBAL, EXTERNAL.global, global)]);
  return writeSections(sections);
}
