// Caps the memory a module may grow to, by writing the cap into the module itself.
import { AiosError } from '#node/platform/errors.ts';
import { ByteReader, ByteWriter } from './leb128.ts';
import { readSections, SECTION, sectionContent, withSection, writeSections } from './module-sections.ts';

/** Bytes of one WebAssembly page. */
export const PAGE_SIZE = 65_536;

/**
 * The module with each of its own memories limited to `pages` pages of 64 KiB; growing further fails inside the module.
 *
 * @throws AiosError `WASM_MEMORY` when the module needs more from the start, `WASM_INVALID`
 */
export function limitMemory(module: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  const sections = readSections(module);
  const content = sectionContent(sections, SECTION.memory);
  if (content === undefined) return writeSections(sections);
  const reader = new ByteReader(content);
  const count = reader.u32();
  const out = new ByteWriter(content.length + 16).u32(count);
  for (let left = count; left > 0; left -= 1) {
    const flags = reader.byte();
    const minimum = reader.u32();
    const maximum = (flags & 1) === 1 ? reader.u32() : pages;
    if (minimum > pages) {
      throw new AiosError(
        'WASM_MEMORY',
        `the module needs ${minimum} pages of memory, ${pages} are allowed: shrink it`,
      );
    }
    out
      .byte(flags | 1)
      .u32(minimum)
      .u32(Math.min(maximum, pages));
  }
  return writeSections(withSection(sections, SECTION.memory, out.finish()));
}
