// An agent as a package: from a folder or an archive to checked files, manifest and content identifier, and from there to code that runs.
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version as esbuildVersion, type Message, transform } from 'esbuild';
import { AiosError } from '#node/platform/errors.ts';
import type { AgentCode } from '../runtime/runtime.ts';
import { checkWorkflowPackage } from '../workflow/workflow-package.ts';
import { readArchive, writeArchive } from './archive.ts';
import { type CheckedManifest, MANIFEST_FILE, readManifest } from './manifest.ts';
import { PackageCollector, type PackageFiles, packageCid, refusePackage } from './package-files.ts';

export interface AgentPackage extends CheckedManifest {
  readonly cid: string;
  readonly files: PackageFiles;
}

/** Files and folders of a project that are not its agent; what begins with a dot is not, either. */
const LEFT_OUT = new Set(['node_modules', '__pycache__']);

/** What turns TypeScript into what runs; part of a package's behaviour. */
export const TYPESCRIPT = `esbuild/${esbuildVersion}`;

/**
 * Checks files as a package.
 *
 * @throws AiosError `PACKAGE_INVALID`, `MANIFEST_INVALID`, `SCHEMA_INVALID` or `WORKFLOW_INVALID`, naming file, field and fix
 */
export function packageOf(files: PackageFiles): AgentPackage {
  const manifestBytes = files.get(MANIFEST_FILE);
  if (manifestBytes === undefined)
    refusePackage(`there is no ${MANIFEST_FILE} at the top: add one (aios agent init)`);
  const checked = readManifest(manifestBytes);
  const { entry } = checked.manifest;
  if (!files.has(entry)) {
    throw new AiosError(
      'MANIFEST_INVALID',
      `${MANIFEST_FILE}: entry: the package has no file ${entry}: add or rename it`,
      {
        details: { file: MANIFEST_FILE, issues: [`entry: no file ${entry}`] },
      },
    );
  }
  if (checked.manifest.language === 'workflow') checkWorkflowPackage(checked.manifest, files);
  return { ...checked, files, cid: packageCid(files) };
}

/**
 * Reads the package in a folder. Hidden files and `node_modules` are left out; links are refused, for they lead elsewhere.
 *
 * @throws AiosError `PACKAGE_INVALID`, `MANIFEST_INVALID` or `SCHEMA_INVALID`
 */
export async function readPackage(folder: string): Promise<AgentPackage> {
  const collector = new PackageCollector();
  const walk = async (below: string): Promise<void> => {
    const names = await readdir(join(folder, below)).catch(() =>
      refusePackage(`${join(folder, below)} cannot be read: give the folder of ${MANIFEST_FILE}`),
    );
    for (const name of names.sort()) {
      if (name.startsWith('.') || LEFT_OUT.has(name)) continue;
      const path = below ? `${below}/${name}` : name;
      const stats = await lstat(join(folder, path));
      if (stats.isDirectory()) await walk(path);
      else if (!stats.isFile())
        refusePackage(`${path} is no plain file: replace a link by what it points to`, { path });
      else {
        collector.expect(path, stats.size);
        const bytes = await readFile(join(folder, path));
        if (bytes.length !== stats.size)
          refusePackage(`${path} changed while it was read: try again`, { path });
        collector.add(path, Uint8Array.from(bytes));
      }
    }
  };
  await walk('');
  return packageOf(collector.finish());
}

/** The package as one `.tar.gz`. */
export function packPackage(agent: Pick<AgentPackage, 'files'>): Uint8Array {
  return writeArchive(agent.files);
}

/**
 * Reads a package out of an archive, in memory.
 *
 * @param expectedCid when given, the only package that is accepted
 * @throws AiosError `PACKAGE_INVALID`, `MANIFEST_INVALID`, `SCHEMA_INVALID`, or `PACKAGE_OTHER` when it is not the one expected
 */
export function openPackage(archive: Uint8Array, expectedCid?: string): AgentPackage {
  const files = readArchive(archive);
  const cid = packageCid(files);
  if (expectedCid !== undefined && cid !== expectedCid) {
    throw new AiosError(
      'PACKAGE_OTHER',
      `the archive holds ${cid}, not ${expectedCid}: fetch it again, or deploy what it holds`,
    );
  }
  return packageOf(files);
}

function problemOf(path: string, [first]: readonly Message[]): AiosError {
  const where = first?.location ? `${path}:${first.location.line}:${first.location.column + 1}` : path;
  return new AiosError('CODE_INVALID', `${where}: ${first?.text ?? 'is no TypeScript'}: correct it`, {
    details: { path },
  });
}

/**
 * The code as the runtime takes it: TypeScript without its types (by esbuild, here and never in the guest), under the same paths; only
 * what can run, so that a picture in the package does not travel with every run.
 *
 * @throws AiosError `CODE_INVALID` naming file, line and column
 */
export async function agentCodeOf(agent: {
  readonly manifest: Pick<AgentPackage['manifest'], 'language' | 'entry'>;
  readonly files: PackageFiles;
  readonly cid: string;
}): Promise<AgentCode> {
  const { language, entry } = agent.manifest;
  const files = new Map<string, Uint8Array>();
  for (const [path, bytes] of agent.files) {
    if (language !== 'javascript') files.set(path, bytes);
    else if (/\.(?:js|mjs)$/.test(path)) files.set(path, bytes);
    else if (/\.m?ts$/.test(path) && !/\.d\.m?ts$/.test(path))
      files.set(path, await withoutTypes(path, bytes));
    else if (path.endsWith('.json') && path !== MANIFEST_FILE) files.set(path, jsonModule(path, bytes));
  }
  return { language, entry, files, hash: agent.cid };
}

/** `import data from "./data.json"` without attributes: the file as a module. */
function jsonModule(path: string, bytes: Uint8Array): Uint8Array {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return Buffer.from(`export default JSON.parse(${JSON.stringify(JSON.stringify(value))});\n`);
  } catch {
    throw new AiosError('CODE_INVALID', `${path}: it is not JSON in UTF-8: correct it`, {
      details: { path },
    });
  }
}

async function withoutTypes(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const { code } = await transform(Buffer.from(bytes), {
      loader: 'ts',
      format: 'esm',
      target: 'es2022',
      charset: 'utf8',
      sourcefile: path,
      logLevel: 'silent',
      tsconfigRaw: {},
    });
    return Buffer.from(code);
  } catch (error) {
    throw problemOf(path, (error as { errors?: readonly Message[] }).errors ?? []);
  }
}
