// `aios subgraph init|build`: a project of The Graph that builds as it stands, and building it with graph-cli.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { bold, green } from '../cli/screen.ts';
import { type AbiEntry, exampleAbi, type ProjectOptions, projectFiles } from './project-template.ts';

interface InitOptions {
  readonly abi?: string;
  readonly contract?: string;
  readonly address?: string;
  readonly network?: string;
  readonly startBlock?: string;
  readonly json?: boolean;
}

/** Writes a project; nothing that is there is touched. */
export async function init(folder: string, options: InitOptions): Promise<void> {
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new AiosError('FOLDER_NOT_EMPTY', `${target} is not empty: name a folder that does not exist yet.`);
  const { address, startBlock = '0' } = options;
  if (address !== undefined && !/^0x[0-9a-fA-F]{40}$/.test(address))
    throw new AiosError('ADDRESS_INVALID', `--address takes 0x and 40 hex digits, not "${address}".`);
  if (!/^\d+$/.test(startBlock))
    throw new AiosError('START_BLOCK_INVALID', `--start-block takes a block number, not "${startBlock}".`);
  const project: ProjectOptions = {
    name: basename(target),
    contract: contractName(
      options.contract ?? (options.abi ? basename(options.abi).split('.')[0] : 'ERC20') ?? '',
    ),
    abi: options.abi === undefined ? exampleAbi : readAbi(resolve(options.abi)),
    address: address?.toLowerCase(),
    network: options.network ?? 'devnet',
    startBlock: Number(startBlock),
  };
  const files = projectFiles(project);
  if (files.entities.length === 0)
    throw new AiosError(
      'ABI_WITHOUT_EVENTS',
      `${options.abi} declares no events, and a subgraph is made of events: give the ABI of a contract that emits some.`,
    );
  for (const [path, content] of Object.entries(files.files)) {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  if (options.json) {
    const outcome = { folder: target, entities: files.entities, files: Object.keys(files.files) };
    process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
    return;
  }
  const shown = relative(process.cwd(), target) || '.';
  process.stdout.write(
    `${green('made')} ${target} with ${files.entities.length} entities: ${files.entities.join(', ')}\n\n` +
      `${Object.keys(files.files)
        .map((path) => `  ${path}`)
        .join(
          '\n',
        )}\n\nNext:\n  ${bold(`aios subgraph build ${shown}`)}\n  ${bold(`aios subgraph deploy ${project.name} ${shown}`)}\n`,
  );
}

function contractName(wanted: string): string {
  const name = wanted.replace(/[^A-Za-z0-9_]/g, '');
  if (/^[A-Za-z]/.test(name)) return name;
  throw new AiosError(
    'CONTRACT_NAME_INVALID',
    `"${wanted}" cannot be a contract's name: give one with --contract that begins with a letter.`,
  );
}

/** An ABI, bare or wrapped as build tools wrap it. */
function readAbi(file: string): readonly AbiEntry[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AiosError('ABI_UNREADABLE', `${file} cannot be read as JSON: ${messageOf(error)}.`);
  }
  const list = Array.isArray(content) ? content : (content as { abi?: unknown } | null)?.abi;
  if (!Array.isArray(list))
    throw new AiosError(
      'ABI_UNREADABLE',
      `${file} holds no ABI: it must be a list of functions and events, or an object with one under "abi".`,
    );
  return list as AbiEntry[];
}

/** Builds a project and says what the build is called. */
export async function build(folder: string, options: { readonly json?: boolean }): Promise<void> {
  const target = resolve(folder);
  if (!existsSync(join(target, 'subgraph.yaml')))
    throw new AiosError(
      'SUBGRAPH_NOT_FOUND',
      `${target} holds no subgraph.yaml: name the folder of a project, or make one with aios subgraph init.`,
    );
  const output = buildProject(target, (step) => {
    if (!options.json) process.stdout.write(`  graph ${step}\n`);
  });
  const { id, dataSources, templates, schema } = await loadDeployment(output);
  const facts = {
    id,
    folder: output,
    dataSources: dataSources.map(({ name }) => name),
    templates: templates.map(({ name }) => name),
    entities: [...schema.entities.keys()],
  };
  if (options.json) process.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  else process.stdout.write(`${green('built')} ${id} in ${output}\n`);
}

/** A project that was never installed builds with our copy of the library that every mapping imports. */
function linkGraphTs(folder: string): void {
  const library = '@graphprotocol/graph-ts';
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', library))) return;
    if (at === dirname(at)) break;
  }
  const link = join(folder, 'node_modules', library);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(realpathSync(join(packageRoot, 'node_modules', library)), link);
}

/** Runs graph-cli's code generation and build; answers with the build's folder. @throws AiosError SUBGRAPH_BUILD_FAILED */
export function buildProject(folder: string, report: (step: string) => void = () => {}): string {
  const graph = join(packageRoot, 'node_modules/.bin/graph');
  linkGraphTs(folder);
  for (const step of ['codegen', 'build']) {
    report(step);
    const result = spawnSync(graph, [step], { cwd: folder, encoding: 'utf8' });
    if (result.status === 0) continue;
    const told = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`;
    throw new AiosError(
      'SUBGRAPH_BUILD_FAILED',
      `graph ${step} failed in ${folder}:\n${told.trim().split('\n').slice(-15).join('\n')}`,
    );
  }
  return join(folder, 'build');
}
