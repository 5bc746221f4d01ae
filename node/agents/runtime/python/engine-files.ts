// The folder the jail may read: the interpreter with gas injected, its library, the runner, and the memory snapshot that runs start from.
// Made once for each content and checked against its own hashes whenever an engine starts.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { bundledEntry, packageRoot } from '#node/platform/package-root.ts';
import { injectGas } from '#node/platform/wasm/gas.ts';
import { makeSnapshot } from './jail.ts';

const WASM = 'pyodide.asm.wasm';
/** JavaScript of the interpreter: what it imports is replaced by what the jail gives. */
const SCRIPTS = ['pyodide.mjs', 'pyodide.asm.mjs'];
const LIBRARY = 'python_stdlib.zip';
/** Raised when the making of a folder changes in a way that its inputs do not show. */
const FORMAT = 1;

export interface EngineInputs {
  /** `pyodide@VERSION+HASH`, the same wherever the same files are. */
  readonly engine: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface EngineFolder {
  readonly path: string;
  readonly engine: string;
}

/** An ability of newer engines (WebAssembly GC) that would make runs spend other gas there: without it all take the same path. */
const TRAMPOLINE = 'function getPyEMTrampolinePtr(){';

/** A lock file without packages: an agent has the standard library, and nothing is ever downloaded. */
function emptyLock(lock: string): string {
  const { info } = JSON.parse(lock) as { info: object };
  return JSON.stringify({ info, packages: {} });
}

/** @throws AiosError `PYTHON_ENGINE_INCOMPLETE` when Pyodide or the bundled child is missing */
export function readEngineInputs(): EngineInputs {
  try {
    const pyodide = dirname(createRequire(join(packageRoot, 'package.json')).resolve('pyodide/package.json'));
    const { version } = JSON.parse(readFileSync(join(pyodide, 'package.json'), 'utf8')) as {
      version: string;
    };
    const files = new Map<string, Uint8Array>();
    for (const name of [...SCRIPTS, WASM, LIBRARY]) files.set(name, readFileSync(join(pyodide, name)));
    const lock = emptyLock(readFileSync(join(pyodide, 'pyodide-lock.json'), 'utf8'));
    files.set('pyodide-lock.json', Buffer.from(lock));
    files.set('child.mjs', readFileSync(bundledEntry('python-child.mjs')));
    for (const name of ['runner.py', 'rehearsal.py']) {
      files.set(name, readFileSync(join(packageRoot, 'node/agents/runtime/python', name)));
    }
    files.set('aios.py', readFileSync(join(packageRoot, 'node/agents/sdk/python/aios.py')));
    const hash = createHash('sha256').update(`${FORMAT}`);
    for (const [name, content] of files) hash.update(`\0${name}\0${content.length}\0`).update(content);
    return { engine: `pyodide@${version}+${hash.digest('hex').slice(0, 32)}`, files };
  } catch (cause) {
    throw new AiosError(
      'PYTHON_ENGINE_INCOMPLETE',
      `the Python engine is incomplete (${messageOf(cause)}): run npm ci`,
      { cause },
    );
  }
}

/**
 * The script with every `import()` led to the jail's own list and every static way to a module refused, so that no code in the process can
 * import anything once the interpreter stands: strings cannot become code there either.
 */
export function confineScript(name: string, text: string): string {
  const confined = text
    .replace(TRAMPOLINE, `${TRAMPOLINE}return 0;`)
    .replaceAll(/(?<![\w$.#])import\s*\(/g, '__aiosImport(');
  if (/(?:^|[;\n}])\s*import\s*[\w{*'"]/.test(confined.replaceAll(/\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/g, '""')))
    throw new AiosError(
      'PYTHON_ENGINE_INCOMPLETE',
      `${name} imports a module: it is another Pyodide than the pinned one`,
    );
  return `const __aiosImport = globalThis.__aiosImport;\n${confined}`;
}

const digest = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

function isIntact(folder: string): boolean {
  try {
    const listed = JSON.parse(readFileSync(join(folder, 'hashes.json'), 'utf8')) as Record<string, string>;
    return Object.entries(listed).every(([name, hash]) => digest(readFileSync(join(folder, name))) === hash);
  } catch {
    return false;
  }
}

/**
 * The jail's folder below `parent`, made when it is missing or damaged (some ten seconds of one core, once).
 * @throws AiosError `PYTHON_ENGINE_INCOMPLETE`, `PYTHON_JAIL_OPEN`
 */
export async function prepareEngineFolder(inputs: EngineInputs, parent: string): Promise<EngineFolder> {
  mkdirSync(parent, { recursive: true });
  const name = inputs.engine.replaceAll(/[^\w.-]/g, '-');
  const path = join(realpathSync(parent), name);
  if (isIntact(path)) return { path, engine: inputs.engine };
  const fresh = mkdtempSync(join(realpathSync(parent), '.new-'));
  try {
    const hashes: Record<string, string> = {};
    const write = (file: string, content: Uint8Array): void => {
      writeFileSync(join(fresh, file), content);
      chmodSync(join(fresh, file), 0o444);
      hashes[file] = digest(content);
    };
    for (const [file, content] of inputs.files) {
      if (file === WASM) write(file, injectGas(content));
      else if (SCRIPTS.includes(file))
        write(file, Buffer.from(confineScript(file, Buffer.from(content).toString('utf8'))));
      else write(file, content);
    }
    write('snapshot.bin', await makeSnapshot(fresh));
    writeFileSync(join(fresh, 'hashes.json'), JSON.stringify(hashes));
    if (existsSync(path) && !isIntact(path)) rmSync(path, { recursive: true, force: true });
    try {
      renameSync(fresh, path);
    } catch (error) {
      // Another process was faster: its folder has the same content.
      if (!isIntact(path)) throw error;
    }
    return { path, engine: inputs.engine };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
