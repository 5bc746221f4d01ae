// Turns a module's start section into an export, so that a host can finish its side before the module's first instruction runs.
import { ByteReader } from './leb128.ts';
import {
  appendEntries,
  EXTERNAL,
  exportEntry,
  readSections,
  SECTION,
  sectionContent,
  writeSections,
} from './module-sections.ts';

/** Name under which the start function is exported. */
export const START_EXPORT = 'aios.start';

/**
 * The module without its start section, its start function exported as `aios.start` for the host to call once; a module that has none
 * comes back as it is.
 *
 * @throws AiosError `WASM_INVALID`
 */
export function exportStart(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const start = sectionContent(sections, SECTION.start);
  if (start === undefined) return module;
  const entry = exportEntry(START_EXPORT, EXTERNAL.function, new ByteReader(start).u32());
  const rest = sections.filter(({ id }) => id !== SECTION.start);
  return writeSections(appendEntries(rest, SECTION.export, [entry]));
}
