// Splits a WebAssembly module into its sections and joins them again, so that single sections can be rewritten.
import { AiosError } from '#node/platform/errors.ts';
import { ByteReader, ByteWriter } from './leb128.ts';

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** Position of each non-custom section in a module: the order of ids, but for tag and data count (spec 5.5.2, exceptions 5.5.16). */
const ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

export const EXTERNAL = { function: 0, table: 1, memory: 2, global: 3 } as const;

export interface Section {
  readonly id: number;
  readonly content: Uint8Array;
}

const HEADER = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

/** @throws AiosError `WASM_INVALID` when the bytes are no WebAssembly 1 module or end early */
export function readSections(module: Uint8Array): Section[] {
  if (HEADER.some((byte, index) => module[index] !== byte)) {
    throw new AiosError('WASM_INVALID', 'not a WebAssembly module (version 1): compile it again');
  }
  const reader = new ByteReader(module, HEADER.length);
  const sections: Section[] = [];
  try {
    while (!reader.done) sections.push({ id: reader.byte(), content: reader.take(reader.u32()) });
  } catch (cause) {
    throw new AiosError('WASM_INVALID', 'the WebAssembly module is cut off: compile or copy it again', {
      cause,
    });
  }
  return sections;
}

export function writeSections(sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const size = sections.reduce((sum, section) => sum + section.content.length + 6, HEADER.length);
  const writer = new ByteWriter(size).raw(HEADER);
  for (const { id, content } of sections) writer.byte(id).u32(content.length).raw(content);
  return writer.finish();
}

export function sectionContent(sections: readonly Section[], id: number): Uint8Array | undefined {
  return sections.find((section) => section.id === id)?.content;
}

/** The sections with one of them replaced, or put where it belongs when the module had none. */
export function withSection(sections: readonly Section[], id: number, content: Uint8Array): Section[] {
  if (sections.some((section) => section.id === id)) {
    return sections.map((section) => (section.id === id ? { id, content } : section));
  }
  const position = ORDER.indexOf(id);
  const before = sections.findIndex(
    (section) => section.id !== SECTION.custom && ORDER.indexOf(section.id) > position,
  );
  const at = before === -1 ? sections.length : before;
  return [...sections.slice(0, at), { id, content }, ...sections.slice(at)];
}

export interface GlobalType {
  readonly valueType: number;
  readonly mutable: boolean;
}

export interface ImportedCounts {
  readonly functions: number;
  readonly globals: readonly GlobalType[];
}

function skipLimits(reader: ByteReader): void {
  const flags = reader.byte();
  reader.skipInteger();
  if ((flags & 1) === 1) reader.skipInteger();
}

/** What a module imports, as far as it shifts the index spaces. */
export function readImports(sections: readonly Section[]): ImportedCounts {
  const content = sectionContent(sections, SECTION.import);
  let functions = 0;
  const globals: GlobalType[] = [];
  if (content === undefined) return { functions, globals };
  const reader = new ByteReader(content);
  for (let left = reader.u32(); left > 0; left -= 1) {
    reader.name();
    reader.name();
    const kind = reader.byte();
    if (kind === EXTERNAL.function) {
      reader.u32();
      functions += 1;
    } else if (kind === EXTERNAL.table) {
      reader.byte();
      skipLimits(reader);
    } else if (kind === EXTERNAL.memory) skipLimits(reader);
    else if (kind === EXTERNAL.global) {
      globals.push({ valueType: reader.byte(), mutable: reader.byte() === 1 });
    } else
      throw new AiosError(
        'WASM_UNSUPPORTED',
        `import of kind ${kind} is not supported: build for WebAssembly 1`,
      );
  }
  return { functions, globals };
}

/** Passes over a constant initializer expression, its `end` included. */
function skipInitializer(reader: ByteReader): void {
  for (;;) {
    const opcode = reader.byte();
    if (opcode === 0x0b) return;
    if (opcode === 0x41 || opcode === 0x42 || opcode === 0x23 || opcode === 0xd2) reader.skipInteger();
    else if (opcode === 0x43) reader.take(4);
    else if (opcode === 0x44) reader.take(8);
    else if (opcode === 0xd0) reader.byte();
    // Extended constant expressions: i32/i64 add, sub, mul carry no immediates.
    else if (![0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e].includes(opcode)) {
      throw new AiosError(
        'WASM_UNSUPPORTED',
        `opcode 0x${opcode.toString(16)} in an initializer is not supported: build for WebAssembly 1`,
      );
    }
  }
}

/** The globals a module defines itself; their indices follow the imported ones. */
export function readGlobals(sections: readonly Section[]): GlobalType[] {
  const content = sectionContent(sections, SECTION.global);
  if (content === undefined) return [];
  const reader = new ByteReader(content);
  const globals: GlobalType[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) {
    globals.push({ valueType: reader.byte(), mutable: reader.byte() === 1 });
    skipInitializer(reader);
  }
  return globals;
}

/** The module's sections with entries added to a section that is a counted list, such as exports or globals. */
export function appendEntries(
  sections: readonly Section[],
  id: number,
  entries: readonly Uint8Array[],
): Section[] {
  const old = sectionContent(sections, id);
  const reader = old === undefined ? null : new ByteReader(old);
  const count = reader?.u32() ?? 0;
  const writer = new ByteWriter((old?.length ?? 0) + 64).u32(count + entries.length);
  if (old !== undefined && reader !== null) writer.raw(old.subarray(reader.offset));
  for (const entry of entries) writer.raw(entry);
  return withSection(sections, id, writer.finish());
}

/** One entry of the export section. */
export function exportEntry(name: string, kind: number, index: number): Uint8Array {
  return new ByteWriter(name.length + 8).name(name).byte(kind).u32(index).finish();
}
