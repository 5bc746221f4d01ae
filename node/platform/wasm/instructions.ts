// Reads WebAssembly instructions one by one, as far as rewriting needs it: where each begins and ends, and how control flows.
import { AiosError } from '#node/platform/errors.ts';
import type { ByteReader } from './leb128.ts';

export const OP = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  delegate: 0x18,
  catchAll: 0x19,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memoryGrow: 0x40,
  i64Const: 0x42,
  i64LtS: 0x53,
  i64Sub: 0x7d,
  i64ExtendI32U: 0xad,
} as const;

/** Instructions behind the 0xfc prefix whose work grows with their last operand, an element or byte count. */
const BULK = new Set([8, 10, 11, 12, 14, 17]);
const TABLE_GROW = 15;

export interface Instruction {
  readonly opcode: number;
  /** Offset of the opcode, and of what follows the instruction. */
  readonly start: number;
  readonly end: number;
  /** Labels a branch may go to, as relative depths. */
  readonly targets: readonly number[];
  /** The count on top of the stack decides how long it runs. */
  readonly bulk: boolean;
}

const NO_TARGETS: readonly number[] = [];

function unsupported(opcode: number, at: number): never {
  throw new AiosError(
    'WASM_UNSUPPORTED',
    `opcode 0x${opcode.toString(16)} at byte ${at} is not supported: build without SIMD, threads, exnref exceptions and GC`,
  );
}

/** Reads the instruction at the reader's offset. */
export function readInstruction(reader: ByteReader): Instruction {
  const start = reader.offset;
  const opcode = reader.byte();
  let targets = NO_TARGETS;
  let bulk = false;
  switch (opcode) {
    case OP.block:
    case OP.loop:
    case OP.if:
    case OP.try:
      // Block type: empty, a value type, or a type index; all are LEB128.
      reader.skipInteger();
      break;
    case OP.br:
    case OP.brIf:
      targets = [reader.u32()];
      break;
    case OP.brTable: {
      const depths: number[] = [];
      for (let left = reader.u32() + 1; left > 0; left -= 1) depths.push(reader.u32());
      targets = depths;
      break;
    }
    case OP.call:
    case OP.returnCall:
    case OP.catch: // tag
    case OP.throw: // tag
    case OP.rethrow: // depth of the catch, nowhere a branch arrives
    case OP.delegate: // depth of the try that takes over
    case 0x20: // local.get
    case 0x21: // local.set
    case 0x22: // local.tee
    case 0x23: // global.get
    case 0x24: // global.set
    case 0x25: // table.get
    case 0x26: // table.set
    case 0x3f: // memory.size
    case 0x40: // memory.grow
    case 0x41: // i32.const
    case 0x42: // i64.const
    case 0xd0: // ref.null
    case 0xd2: // ref.func
      reader.skipInteger();
      break;
    case OP.callIndirect:
    case OP.returnCallIndirect:
      reader.skipInteger();
      reader.skipInteger();
      break;
    case 0x1c: // select with types
      reader.take(reader.u32());
      break;
    case 0x43: // f32.const
      reader.take(4);
      break;
    case 0x44: // f64.const
      reader.take(8);
      break;
    case 0xfc:
      bulk = readPrefixed(reader, start);
      break;
    default:
      if (opcode >= 0x28 && opcode <= 0x3e) {
        // Loads and stores: alignment and offset.
        reader.skipInteger();
        reader.skipInteger();
      } else if (!isPlain(opcode)) unsupported(opcode, start);
  }
  return { opcode, start, end: reader.offset, targets, bulk };
}

/** Instructions without immediates. */
function isPlain(opcode: number): boolean {
  return (
    opcode <= 0x01 ||
    opcode === OP.else ||
    opcode === OP.end ||
    opcode === OP.return ||
    opcode === OP.catchAll ||
    opcode === 0x1a ||
    opcode === 0x1b ||
    (opcode >= 0x45 && opcode <= 0xc4) ||
    opcode === 0xd1
  );
}

function readPrefixed(reader: ByteReader, start: number): boolean {
  const code = reader.u32();
  // 0–7: saturating conversions; 8–17: bulk memory and tables.
  if (code > 17) unsupported(0xfc00 + code, start);
  const immediates = code <= 7 ? 0 : [2, 1, 2, 1, 2, 1, 2, 1, 1, 1][code - 8];
  for (let left = immediates ?? 0; left > 0; left -= 1) reader.skipInteger();
  return BULK.has(code) || code === TABLE_GROW;
}
