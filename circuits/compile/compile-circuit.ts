// Compiles circom to r1cs, witness calculator and symbols with circom 2.2.3 (WASM). It blocks its thread for as long as circom runs:
// call it from a process of its own, never from one that serves.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { bindings, CircomRunner } from 'circom2';
import { AiosError } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';

const require = createRequire(import.meta.url);

export interface CompileOptions {
  /** Source of the main file. */
  readonly source: string;
  /** Folder for the result; made when missing. */
  readonly folder: string;
  /** Base name of the files written. */
  readonly name: string;
  /** 2 substitutes linear constraints away, which halves proving; 1 keeps every signal that has a name. Default 2. */
  readonly optimisation?: 1 | 2;
  /** Further folders whose .circom files may be included. */
  readonly include?: readonly string[];
}

export interface Compiled {
  readonly r1cs: string;
  readonly wasm: string;
  readonly sym: string;
  /** Everything circom said, with its inspection (`--inspect`): the lines of kind warning[CA01] are what the compile gate refuses. */
  readonly report: string;
}

/** The staged main file: a name that no template has. */
const mainFile = 'aios-main-component';

/** Folder of our templates. */
export const circomFolder = join(packageRoot, 'circuits/circom');

/**
 * Compiles one circuit. circom sees a staged folder with copies of the sources only: its WASI follows no symbolic links, and where
 * packages are installed differs between installations, which must not reach the result.
 * @throws AiosError CIRCUIT_INVALID with circom's own words
 */
export async function compileCircuit(options: CompileOptions): Promise<Compiled> {
  const { folder, name } = options;
  const stage = join(folder, `.stage-${process.pid}`);
  fs.mkdirSync(join(stage, 'out'), { recursive: true });
  try {
    const library = join(dirname(require.resolve('circomlib/package.json')), 'circuits');
    for (const place of [library, circomFolder, ...(options.include ?? [])]) {
      for (const file of fs.readdirSync(place)) {
        if (file.endsWith('.circom')) fs.copyFileSync(join(place, file), join(stage, file));
      }
    }
    fs.writeFileSync(join(stage, `${mainFile}.circom`), options.source);
    const report = await runCircom(stage, [
      `${mainFile}.circom`,
      '--r1cs',
      '--wasm',
      '--sym',
      '--inspect',
      `--O${options.optimisation ?? 2}`,
      '-o',
      'out',
    ]);
    if (!fs.existsSync(join(stage, 'out', `${mainFile}.r1cs`))) {
      throw new AiosError('CIRCUIT_INVALID', `circom refused ${name}:\n${report.trim()}`);
    }
    const result = {
      r1cs: join(folder, `${name}.r1cs`),
      wasm: join(folder, `${name}.wasm`),
      sym: join(folder, `${name}.sym`),
    };
    fs.renameSync(join(stage, 'out', `${mainFile}.r1cs`), result.r1cs);
    fs.renameSync(join(stage, 'out', `${mainFile}_js`, `${mainFile}.wasm`), result.wasm);
    fs.renameSync(join(stage, 'out', `${mainFile}.sym`), result.sym);
    return { ...result, report };
  } finally {
    fs.rmSync(stage, { recursive: true, force: true });
  }
}

/** Runs circom in `folder` and returns what it printed, without colours. */
async function runCircom(folder: string, args: readonly string[]): Promise<string> {
  const said: Buffer[] = [];
  const listen = (fd: number, data: Uint8Array): number | undefined => {
    if (fd !== 1 && fd !== 2) return undefined;
    said.push(Buffer.from(data));
    return data.byteLength;
  };
  const watchedFs = {
    ...fs,
    writeSync: (fd: number, data: Uint8Array, offset?: number, length?: number, position?: number) =>
      listen(fd, data.subarray(offset ?? 0, (offset ?? 0) + (length ?? data.byteLength))) ??
      fs.writeSync(fd, data, offset, length, position),
  };
  class Exit extends Error {}
  const runner = new CircomRunner({
    args,
    env: {},
    preopens: { '.': folder },
    bindings: {
      ...bindings,
      fs: watchedFs,
      exit: () => {
        throw new Exit();
      },
    },
  });
  try {
    await runner.execute(fs.readFileSync(require.resolve('circom2/circom.wasm')));
  } catch (error) {
    // circom ends by calling exit, also when it succeeded: whether there is an r1cs tells the two apart.
    if (!(error instanceof Exit)) said.push(Buffer.from(`\n${String(error)}\n`));
  }
  return stripVTControlCharacters(Buffer.concat(said).toString('utf8'));
}

/** What the artefacts of a circuit depend on: its main source, the templates and circomlib, and the compiler. */
export function sourceHash(source: string): string {
  const hash = createHash('sha256').update(source);
  for (const file of fs.readdirSync(circomFolder).sort()) {
    hash.update(file).update(fs.readFileSync(join(circomFolder, file)));
  }
  for (const name of ['circom2', 'circomlib']) {
    const { version } = require(`${name}/package.json`) as { version: string };
    hash.update(`${name}@${version}`);
  }
  return hash.digest('hex');
}
