// The QuickJS WebAssembly module as it is published, without the JavaScript around it: its exports by name, and which file it is.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AiosError } from '#node/platform/errors.ts';
import { exportMutableGlobals } from '#node/platform/wasm/export-globals.ts';

/** Of @jitl/quickjs-wasmfile-release-sync. Names of exports and imports below are those of this very file. */
const VERSION = '0.32.0';
const SHA256 = '105c3bed22d457e43e3d1c3c1c6959fda62a8fe06f0fc8a985303c3a2be72232';

/** Our name → the name its linker gave it (`d._QTS_Eval=b.pa` in the package's loader; a test compares). */
export const QUICKJS_EXPORTS = {
  malloc: 'v',
  QTS_Throw: 'w',
  QTS_RuntimeSetMaxStackSize: 'D',
  QTS_GetUndefined: 'E',
  QTS_NewRuntime: 'K',
  free: 'M',
  QTS_NewContext: 'N',
  QTS_FreeValuePointer: 'P',
  QTS_FreeCString: 'S',
  QTS_NewFloat64: 'Y',
  QTS_GetFloat64: 'Z',
  QTS_NewString: '_',
  QTS_GetString: '$',
  QTS_IsJobPending: 'fa',
  QTS_ExecutePendingJob: 'ga',
  QTS_Call: 'ma',
  QTS_ResolveException: 'na',
  QTS_Eval: 'pa',
  QTS_NewFunction: 'Da',
  QTS_ArgvGetJSValueConstPointer: 'Ea',
  QTS_RuntimeEnableInterruptHandler: 'Fa',
  QTS_RuntimeEnableModuleLoader: 'Ha',
} as const;

export type QuickJsFunctions = {
  readonly [Name in keyof typeof QUICKJS_EXPORTS]: (...args: number[]) => number;
};

/** The published module's path on this machine. */
export function quickJsModulePath(): string {
  return createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
}

/** Pages of memory an instance begins with: its data, its stack, and room for a heap of 1.4 MB. */
export const INITIAL_PAGES = 40;

/**
 * What is written over in the published module, so that there is less to clear between runs: `at` in the file whose hash is checked. The
 * module has its data first, then a stack of 5 MiB, then the heap; the engine uses 512 KiB of stack (STACK_BYTES), and gets 1 MiB here.
 */
const PATCHES = [
  // Import of the memory: modules and names "a" and "a", kind memory, with a maximum, 256 to 32,768 pages.
  {
    published: [1, 0x61, 1, 0x61, 2, 1, 0x80, 0x02, 0x80, 0x80, 0x02],
    ours: [1, 0x61, 1, 0x61, 2, 1, 0x80 | INITIAL_PAGES, 0, 0x80, 0x80, 0x02],
  },
  // The global that is the stack's pointer, mutable i32: it begins at 5,333,088, and at 1,138,784 here.
  {
    published: [0x7f, 1, 0x41, 0xe0, 0xc0, 0xc5, 0x02, 0x0b],
    ours: [0x7f, 1, 0x41, 0xe0, 0xc0, 0xc5, 0x00, 0x0b],
  },
  // The same address as data of the module, three bytes of it: where the heap begins.
  { published: [3, 0x60, 0x60, 0x51], ours: [3, 0x60, 0x60, 0x11] },
] as const;

function lessToClear(module: Buffer): Buffer {
  for (const { published, ours } of PATCHES) {
    const at = module.indexOf(Buffer.from(published));
    Buffer.from(ours).copy(module, at);
  }
  return module;
}

/**
 * Reads and checks the module; its mutable globals are exported, and it begins with `INITIAL_PAGES` of memory.
 *
 * @throws AiosError `ENGINE_INVALID` when the file is not the one this code was written for
 */
export function readQuickJsModule(path = quickJsModulePath()): Uint8Array<ArrayBuffer> {
  const bytes = readFileSync(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== SHA256) {
    throw new AiosError(
      'ENGINE_INVALID',
      `${path} is not the module of @jitl/quickjs-wasmfile-release-sync ${VERSION} (sha256 ${found}): run npm ci`,
    );
  }
  return exportMutableGlobals(lessToClear(bytes));
}

/** For the engine's name in digests: where the heap begins decides what a run has room for. */
export const QUICKJS_NAME = `quickjs-wasmfile/${VERSION}:${SHA256.slice(0, 16)} stack:1MiB`;
