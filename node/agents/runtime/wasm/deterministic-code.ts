// Leaves nothing in a module that answers otherwise on another machine, or that gets in the way of its end. The bits of a NaN that
// arithmetic makes are up to the processor: each becomes the canonical one. Exceptions are refused: `catch_all` would also catch what stops
// a guest in a call to the host, and an exhausted stack, whose depth differs.
import { AiosError } from '#node/platform/errors.ts';
import { parameterCounts } from '#node/platform/wasm/gas.ts';
import { type Instruction, OP, readInstruction } from '#node/platform/wasm/instructions.ts';
import { ByteReader, ByteWriter } from '#node/platform/wasm/leb128.ts';
import {
  readSections,
  SECTION,
  sectionContent,
  withSection,
  writeSections,
} from '#node/platform/wasm/module-sections.ts';

const EXCEPTIONS: ReadonlySet<number> = new Set([
  OP.try,
  OP.catch,
  OP.throw,
  OP.rethrow,
  OP.delegate,
  OP.catchAll,
]);

interface FloatType {
  readonly type: number;
  readonly equal: number;
  /** `const` of the canonical NaN. */
  readonly nan: Uint8Array;
}

const F32: FloatType = { type: 0x7d, equal: 0x5b, nan: Uint8Array.of(0x43, 0, 0, 0xc0, 0x7f) };
const F64: FloatType = { type: 0x7c, equal: 0x61, nan: Uint8Array.of(0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f) };
const SELECT = 0x1b;

/** The type of what an instruction makes, when that may be a NaN of the processor's choice; abs, neg and copysign only move a sign. */
function arithmetic({ opcode }: Instruction): FloatType | undefined {
  // f32: ceil … max, and demotion; f64: ceil … max, and promotion.
  if ((opcode >= 0x8d && opcode <= 0x97) || opcode === 0xb6) return F32;
  if ((opcode >= 0x9b && opcode <= 0xa5) || opcode === 0xbb) return F64;
  return undefined;
}

function rewrite(body: Uint8Array, parameters: number): Uint8Array {
  const reader = new ByteReader(body);
  const groups = reader.u32();
  const groupsStart = reader.offset;
  let locals = parameters;
  for (let left = groups; left > 0; left -= 1) {
    locals += reader.u32();
    reader.byte();
  }
  const codeStart = reader.offset;
  const made: { readonly end: number; readonly float: FloatType }[] = [];
  while (reader.offset < body.length) {
    const instruction = readInstruction(reader);
    if (EXCEPTIONS.has(instruction.opcode))
      throw new AiosError(
        'WASM_UNSUPPORTED',
        'exceptions are not supported: build without them, and return errors as values',
      );
    const float = arithmetic(instruction);
    if (float) made.push({ end: instruction.end, float });
  }
  if (made.length === 0) return body;
  const out = new ByteWriter(body.length + made.length * 24 + 16)
    .u32(groups + 2)
    .raw(body.subarray(groupsStart, codeStart));
  for (const { type } of [F32, F64]) out.u32(1).byte(type);
  let copied = codeStart;
  for (const { end, float } of made) {
    const local = float === F32 ? locals : locals + 1;
    out.raw(body.subarray(copied, end));
    // x, NaN, x == x: what equals itself stays.
    out.byte(OP.localTee).u32(local).raw(float.nan);
    out.byte(OP.localGet).u32(local).byte(OP.localGet).u32(local).byte(float.equal).byte(SELECT);
    copied = end;
  }
  return out.raw(body.subarray(copied)).finish();
}

/**
 * The module with canonical NaNs. Run it on what is metered already: what it adds costs no gas.
 * @throws AiosError `WASM_INVALID` or `WASM_UNSUPPORTED`
 */
export function deterministicCode(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = readSections(module);
  const code = sectionContent(sections, SECTION.code);
  if (code === undefined) return writeSections(sections);
  const parameters = parameterCounts(sections);
  const reader = new ByteReader(code);
  const count = reader.u32();
  const out = new ByteWriter(code.length * 2).u32(count);
  for (let index = 0; index < count; index += 1) {
    const body = rewrite(reader.take(reader.u32()), parameters[index] ?? 0);
    out.u32(body.length).raw(body);
  }
  return writeSections(withSection(sections, SECTION.code, out.finish()));
}
