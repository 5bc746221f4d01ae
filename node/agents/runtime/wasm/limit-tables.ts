// Caps the tables of a module, whose entries cost the host eight bytes each and are not in any memory's limit.
import { AiosError } from '#node/platform/errors.ts';
import { ByteReader, ByteWriter } from '#node/platform/wasm/leb128.ts';
import {
  readSections,
  SECTION,
  sectionContent,
  withSection,
  writeSections,
} from '#node/platform/wasm/module-sections.ts';

const REFERENCE_TYPES = new Set([0x70, 0x6f]);

/**
 * The module with every table limited to `entries`; growing further answers -1 inside the module.
 *
 * @throws AiosError `WASM_TABLE` when its tables are larger from the start, `WASM_INVALID`, `WASM_UNSUPPORTED`
 */
export function limitTables(module: Uint8Array, entries: number): Uint8Array<ArrayBuffer> {
  const sections = readSections(module);
  const content = sectionContent(sections, SECTION.table);
  if (content === undefined) return writeSections(sections);
  const reader = new ByteReader(content);
  const count = reader.u32();
  const out = new ByteWriter(content.length + 32).u32(count);
  const share = Math.floor(entries / Math.max(count, 1));
  for (let left = count; left > 0; left -= 1) {
    const type = reader.byte();
    const flags = reader.byte();
    if (!REFERENCE_TYPES.has(type) || flags > 1)
      throw new AiosError(
        'WASM_UNSUPPORTED',
        'tables hold functions or host references: build without GC and threads',
      );
    const minimum = reader.u32();
    const maximum = flags === 1 ? reader.u32() : share;
    if (minimum > share)
      throw new AiosError('WASM_TABLE', `a table has ${minimum} entries, ${share} are allowed: shrink it`);
    out.byte(type).byte(1).u32(minimum).u32(Math.min(maximum, share));
  }
  return writeSections(withSection(sections, SECTION.table, out.finish()));
}
