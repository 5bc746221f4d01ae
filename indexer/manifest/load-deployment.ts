// Loads a built subgraph from a folder: manifest, schema, ABIs and WebAssembly modules, checked as far as they can be without a chain.
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { EntitySchema } from '#indexer/model.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { contentId } from './content-id.ts';
import { deploymentId } from './deployment-id.ts';
import { parseEntitySchema } from './entity-schema.ts';
import type { AbiItem, LoadedSubgraph, Mapping } from './manifest.ts';
import { parseManifest, readSpecVersion } from './parse-manifest.ts';
import { ProblemList } from './problems.ts';
import { YamlCursor } from './yaml-cursor.ts';

const MANIFEST = 'subgraph.yaml';
/** What stands before the content id in a deployed manifest's links. */
const IPFS_LINK = /^\/?ipfs\//;
const WASM_MAGIC = [0x00, 0x61, 0x73, 0x6d];

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The built manifest for what a user names: a build folder, a project with a build folder, or the manifest itself. */
async function findManifest(path: string): Promise<string> {
  const folder = resolve(path);
  if (/\.ya?ml$/.test(folder)) return folder;
  const built = join(folder, 'build', MANIFEST);
  if (await exists(built)) return built;
  const direct = join(folder, MANIFEST);
  if (await exists(direct)) return direct;
  throw new AiosError(
    'MANIFEST_NOT_FOUND',
    `no ${MANIFEST} in ${folder}: name the folder that "graph build" wrote, or the project's folder after building it`,
  );
}

/** Files a manifest links, read once each. */
class FileStore {
  readonly #folder: string;
  readonly #contents = new Map<string, { readonly content: Uint8Array; readonly id: string }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A linked file stands beside the manifest under its content id, as downloaded. */
  place(path: string): string {
    return resolve(this.#folder, path.replace(IPFS_LINK, ''));
  }

  async read(path: string): Promise<void> {
    if (this.#contents.has(path)) return;
    const content = new Uint8Array(await readFile(this.place(path)));
    this.#contents.set(path, { content, id: contentId(content) });
  }

  get(path: string): { readonly content: Uint8Array; readonly id: string } | undefined {
    return this.#contents.get(path);
  }
}

/** Every cursor of the manifest that names a file. */
function fileCursors(root: YamlCursor): YamlCursor[] {
  const cursors = [root.get('schema').get('file')];
  for (const source of [...root.get('dataSources').items(), ...root.get('templates').items()]) {
    cursors.push(source.get('mapping').get('file'));
    for (const abi of source.get('mapping').get('abis').items()) cursors.push(abi.get('file'));
  }
  return cursors.filter((cursor) => cursor.exists);
}

/**
 * Loads and checks a built subgraph.
 *
 * @param path a folder written by `graph build`, a project that has one in `build/`, or a built `subgraph.yaml`
 * @throws AiosError `MANIFEST_NOT_FOUND`, `MANIFEST_INVALID` or `SCHEMA_INVALID`, naming file, line and fix
 */
export async function loadDeployment(path: string): Promise<LoadedSubgraph> {
  const manifestFile = await findManifest(path);
  const folder = dirname(manifestFile);
  const shown = join(basename(folder), basename(manifestFile));
  const problems = new ProblemList('MANIFEST_INVALID', shown);
  const manifest = new Uint8Array(await readFile(manifestFile));
  const root = YamlCursor.parse(new TextDecoder().decode(manifest), problems);
  problems.throwIfAny();

  const files = new FileStore(folder);
  for (const cursor of fileCursors(root)) {
    const name = cursor.link() ?? '';
    if (name.endsWith('.ts')) {
      cursor.problem(`${name} is source code: run "graph build" and deploy its build folder`);
      continue;
    }
    await files
      .read(name)
      .catch((error) =>
        cursor.problem(
          `${name} cannot be read (${messageOf(error)}): ${IPFS_LINK.test(name) ? 'put that file beside the manifest, named by its content id' : 'run "graph build" again'}`,
        ),
      );
  }
  problems.throwIfAny();

  const specVersion = readSpecVersion(root);
  const schemaPath = root.get('schema').get('file').requiredLink('the path of schema.graphql');
  problems.throwIfAny();
  const schemaFile = files.get(schemaPath);
  const schema: EntitySchema = parseEntitySchema(new TextDecoder().decode(schemaFile?.content), {
    file: relative(dirname(folder), files.place(schemaPath)),
    specVersion,
  });

  const modules = new Map<string, Uint8Array>();
  const abis = new Map<string, readonly AbiItem[]>();
  const { specVersion: _, ...parsed } = parseManifest(root, schema, {
    abi(name, at) {
      const file = files.get(name);
      if (file === undefined) return [];
      const known = abis.get(file.id) ?? readAbi(file.content, at, name);
      abis.set(file.id, known);
      return known;
    },
    module(name, at) {
      const file = files.get(name);
      if (file === undefined) return '';
      if (WASM_MAGIC.some((byte, index) => file.content[index] !== byte)) {
        at.problem(`${name} is not a WebAssembly module: run "graph build" again`);
      }
      modules.set(file.id, file.content);
      return file.id;
    },
  });
  checkHandlers([...parsed.dataSources, ...parsed.templates], modules, root);
  problems.throwIfAny();
  return {
    id: IPFS_LINK.test(schemaPath)
      ? contentId(manifest)
      : deploymentId(root.value(), (name) => files.get(name)?.id ?? ''),
    specVersion,
    ...parsed,
    schema,
    modules,
    warnings: problems.warnings,
  };
}

function readAbi(content: Uint8Array, at: YamlCursor, name: string): readonly AbiItem[] {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(content));
    // Build tools wrap the ABI; graph-cli unwraps it, hand-made folders may not.
    const items = Array.isArray(json) ? json : (json as { abi?: unknown } | null)?.abi;
    if (Array.isArray(items)) return items as AbiItem[];
    at.problem(`${name} is not a contract ABI: it must be a JSON list of functions and events`);
  } catch (error) {
    at.problem(`${name} is not JSON (${messageOf(error)}): write the contract's ABI again`);
  }
  return [];
}

/** A handler the module does not export fails at its first event, maybe after days or (public subgraphs have such) never. */
function checkHandlers(
  sources: readonly LoadedSubgraph['templates'][number][],
  modules: ReadonlyMap<string, Uint8Array>,
  root: YamlCursor,
): void {
  const cursors = [...root.get('dataSources').items(), ...root.get('templates').items()];
  sources.forEach((source, index) => {
    const bytes = modules.get(source.mapping.module);
    const at = cursors[index]?.get('mapping').get('file');
    if (bytes === undefined || at === undefined) return;
    let exported: Set<string>;
    try {
      const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
      exported = new Set(WebAssembly.Module.exports(module).map((entry) => entry.name));
    } catch (error) {
      at.problem(`${messageOf(error)}: run "graph build" again`);
      return;
    }
    for (const handler of handlersOf(source.mapping)) {
      if (handler !== '' && !exported.has(handler)) {
        at.warning(
          `the module does not export the handler ${handler}, its first event will fail: export that function from the mapping`,
        );
      }
    }
  });
}

function handlersOf(mapping: Mapping): string[] {
  const { eventHandlers, callHandlers, blockHandlers, entityHandlers = [], fileHandler } = mapping;
  const named = [...eventHandlers, ...callHandlers, ...blockHandlers, ...entityHandlers].map(
    ({ handler }) => handler,
  );
  return fileHandler === undefined ? named : [...named, fileHandler];
}
