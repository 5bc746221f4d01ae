// Makes every mutable global of a module visible, so that a host can put an instance back into an earlier state.
import {
  appendEntries,
  EXTERNAL,
  exportEntry,
  readGlobals,
  readImports,
  readSections,
  SECTION,
  writeSections,
} from './module-sections.ts';

/** Prefix of the names under which globals are exported; followed by the global's index. */
export const GLOBAL_PREFIX = 'aios.global.';

/**
 * The module with each mutable global exported as `aios.global.N` (N: its index). Behaviour and existing exports stay.
 * Reset by snapshot: keep `{ globals, memory }` after start, restore both before each run.
 *
 * @throws AiosError `WASM_INVALID` or `WASM_UNSUPPORTED`
 */
export function exportMutableGlobals(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = readSections(module);
  const globals = [...readImports(sections).globals, ...readGlobals(sections)];
  const entries = globals.flatMap(({ mutable }, index) =>
    mutable ? [exportEntry(`${GLOBAL_PREFIX}${index}`, EXTERNAL.global, index)] : [],
  );
  return writeSections(appendEntries(sections, SECTION.export, entries));
}
