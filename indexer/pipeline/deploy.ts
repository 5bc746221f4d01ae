// Deploys a built subgraph: checks that its source can serve it, makes its tables, gives it its name, and assigns it to the indexers.
// All of it is rows in PostgreSQL, so that it works from any process, whether an indexer runs or not.
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type pg from 'pg';
import { DeploymentStore, type NameRecord } from '#indexer/store/index.ts';
import { AiosError } from '#node/platform/errors.ts';
import { bindSourceSubgraphs } from '../composed/source-subgraphs.ts';
import { bindNetwork } from '../manifest/bind-network.ts';
import { fileEntities } from '../manifest/file-template.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { LoadedSubgraph, Mapping } from '../manifest/manifest.ts';
import { proofVersionOf } from '../proof/proof-of-indexing.ts';
import { EthereumSource } from '../sources/ethereum.ts';
import {
  type ChainSettings,
  chainSettings,
  ETHEREUM_CAPABILITIES,
  parseSourceSpec,
  type SourceSpec,
} from '../sources/open-source.ts';
import { RecordedSource } from '../sources/recorded.ts';
import type { SourceCapabilities } from '../sources/source.ts';
import { type BuildFile, type Overrides, saveAssignment } from './assignments.ts';
import { boundId } from './bound-id.ts';
import { graftOf } from './graft-base.ts';

export interface DeployRequest {
  /** A build folder, a project with one in `build/`, or a built subgraph.yaml. */
  readonly folder: string;
  readonly name: string;
  /** A configured chain's name, or `recorded:FOLDER`. Default: the network that the manifest names. */
  readonly source?: string;
  /** Addresses and start blocks by data source name, as networks.json gives them to `graph deploy`. */
  readonly overrides?: Overrides;
  /** Write every change to the change feed; search, event streams and agent triggers live on it. */
  readonly feed?: boolean;
}

export interface DeployResult {
  readonly id: string;
  readonly name: NameRecord;
  /** False when just this was deployed before: nothing was changed. */
  readonly created: boolean;
  readonly network: string;
  /** What is probably a mistake in the manifest, by file and line. */
  readonly warnings: readonly string[];
}

// A build holds a manifest, a schema, ABIs and modules; more than this is not one.
const MAX_BUILD_BYTES = 64 << 20;

/**
 * ```ts
 * await deploySubgraph(pool, { folder: 'dist/subgraphs/erc20', name: 'erc20', source: 'devnet' }, chains);
 * ```
 *
 * Deploying the same build to the same source again changes nothing. Another build under a name that is in use is
 * indexed beside the old one and takes the name over once it has synced.
 *
 * @throws AiosError of the manifest, `SOURCE_UNKNOWN`, `SOURCE_CANNOT_SERVE`, `DEPLOYMENT_NAME_INVALID`.
 */
export async function deploySubgraph(
  pool: pg.Pool,
  request: DeployRequest,
  chains: Readonly<Record<string, ChainSettings>>,
): Promise<DeployResult> {
  if (!/^[a-z0-9][a-z0-9/_-]*$/i.test(request.name))
    throw new AiosError(
      'DEPLOYMENT_NAME_INVALID',
      `"${request.name}" cannot be a subgraph's name; use letters, digits, "-", "_" and "/"`,
    );
  const subgraph = await loadDeployment(request.folder);
  const source = sourceFor(subgraph, request.source);
  const { network, capabilities, reorgThreshold } = await inspect(source, chains);
  checkCapabilities(subgraph, network, await withTraces(subgraph, source, capabilities, chains));
  const store = new DeploymentStore(pool);
  const overrides = await bindSourceSubgraphs(store, subgraph, source, network, request.overrides ?? {});
  const bound = bindNetwork(subgraph, { network, dataSources: overrides });
  const id = idOf(subgraph, source, network, overrides);
  const files = await buildFiles(request.folder);
  const graft = await graftOf(store, bound, id, source, network, overrides, reorgThreshold);
  await store.create({
    id,
    chain: network,
    manifest: new TextDecoder().decode(files.find((file) => file.path === 'subgraph.yaml')?.content),
    schema: bound.schema.sdl,
    feed: request.feed ?? false,
    fileEntities: fileEntities(subgraph),
    sources: bound.dataSources.flatMap(({ subgraph: address }) => address ?? []),
    proof: proofVersionOf(subgraph.specVersion),
    deferIndexes: loadsRelated(subgraph) ? 'relations' : true,
    earliestBlock: Math.max(0, Math.min(...bound.dataSources.map(({ startBlock }) => startBlock)) - 1),
    ...(graft && { graft }),
  });
  // The name first: an assignment without a name is one that nobody wants any more.
  const name = await store.assignName(request.name, id);
  const created = await saveAssignment(pool, { deployment: id, source, overrides }, files);
  return { id, name, created, network, warnings: subgraph.warnings ?? [] };
}

/** Only `store.loadRelated` reads by relation while history is loaded; everybody else is spared half the cost of writing. */
function loadsRelated(subgraph: LoadedSubgraph): boolean {
  return [...subgraph.modules.values()].some((bytes) =>
    WebAssembly.Module.imports(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)).some(
      ({ name }) => name === 'store.loadRelated',
    ),
  );
}

function sourceFor(subgraph: LoadedSubgraph, wanted: string | undefined): SourceSpec {
  if (wanted !== undefined) {
    const spec = parseSourceSpec(wanted);
    return spec.kind === 'recorded' ? { ...spec, folder: resolve(spec.folder) } : spec;
  }
  const networks = [...new Set(subgraph.dataSources.map((source) => source.network))];
  const [network] = networks;
  if (network === undefined || networks.length > 1)
    throw new AiosError(
      'SOURCE_CANNOT_SERVE',
      `the manifest's data sources are on ${networks.join(' and ') || 'no network'}; a deployment reads one chain. Split the subgraph, or name the source`,
    );
  return { kind: 'chain', chain: network };
}

async function inspect(
  source: SourceSpec,
  chains: Readonly<Record<string, ChainSettings>>,
): Promise<{ network: string; capabilities: SourceCapabilities; reorgThreshold: number }> {
  if (source.kind === 'chain') {
    const { finality, verifyHeaders } = chainSettings(source.chain, chains);
    const capabilities = {
      ...ETHEREUM_CAPABILITIES,
      finality: finality !== 'none',
      headerVerification: verifyHeaders ?? false,
    };
    return { network: source.chain, capabilities, reorgThreshold: reorgThresholdOf(finality) };
  }
  const recorded = await RecordedSource.open({ folder: source.folder });
  await recorded.close();
  return { network: recorded.name, capabilities: recorded.capabilities, reorgThreshold: 0 };
}

// Two epochs of proof of stake: what "finalized" lags behind the head at most while the chain is healthy.
const TAG_THRESHOLD = 64;

/** Blocks below the head that may still be reorganised; 0 where nothing is final anyway. */
function reorgThresholdOf(finality: ChainSettings['finality']): number {
  if (finality === 'none') return 0;
  return typeof finality === 'number' ? finality : TAG_THRESHOLD;
}

/** What in a mapping needs traces, with its line. */
function tracesNeeded({
  callHandlers,
  blockHandlers,
}: Mapping): { what: string; line: number | undefined } | undefined {
  const [call] = callHandlers;
  if (call) return { what: `traces (its call handler for ${call.function} does)`, line: call.line };
  const block = blockHandlers.find(({ filter }) => filter.kind === 'call');
  return (
    block && {
      what: `traces (its block handler ${block.handler} with the filter "call" does)`,
      line: block.line,
    }
  );
}

/**
 * Not every node of a chain has traces: one that is needed for them is asked. A node that cannot be reached now may be the right one, and
 * says so itself once the deployment runs.
 */
async function withTraces(
  subgraph: LoadedSubgraph,
  source: SourceSpec,
  capabilities: SourceCapabilities,
  chains: Readonly<Record<string, ChainSettings>>,
): Promise<SourceCapabilities> {
  const needed = [...subgraph.dataSources, ...subgraph.templates].some(({ mapping }) =>
    tracesNeeded(mapping),
  );
  if (!needed || source.kind !== 'chain') return capabilities;
  try {
    const chain = await EthereumSource.open({
      ...chainSettings(source.chain, chains),
      name: source.chain,
      attempts: 2,
    });
    try {
      return { ...capabilities, traces: await chain.hasTraces() };
    } finally {
      await chain.close();
    }
  } catch (error) {
    if (error instanceof AiosError && error.code.startsWith('RPC_')) return capabilities;
    throw error;
  }
}

/** @throws AiosError `SOURCE_CANNOT_SERVE` naming the data source, the line where there is one, and what it would need. */
function checkCapabilities(
  subgraph: LoadedSubgraph,
  network: string,
  capabilities: SourceCapabilities,
): void {
  for (const { name, mapping } of [...subgraph.dataSources, ...subgraph.templates]) {
    const refuse = (need: string, line?: number) =>
      new AiosError(
        'SOURCE_CANNOT_SERVE',
        `${line === undefined ? '' : `subgraph.yaml:${line}: `}${name} needs ${need}, which the source of ${network} does not have; deploy it to another source`,
      );
    const traces = tracesNeeded(mapping);
    if (!capabilities.traces && traces) throw refuse(traces.what, traces.line);
    if (!capabilities.receipts && mapping.eventHandlers.some((handler) => handler.receipt))
      throw refuse('receipts');
    if (!capabilities.calls && mapping.eventHandlers.some((handler) => handler.calls.length > 0))
      throw refuse('contract calls (its manifest declares some)');
    if (
      !capabilities.contiguous &&
      mapping.blockHandlers.some(({ filter }) => filter.kind === 'once' || filter.kind === 'polling')
    )
      throw refuse('every block (its block handlers count them)');
  }
}

/** What was built is named by its content; the same build bound elsewhere is another deployment. */
function idOf(subgraph: LoadedSubgraph, source: SourceSpec, network: string, overrides: Overrides): string {
  const own = subgraph.dataSources.every((dataSource) => dataSource.network === network);
  if (own && source.kind === 'chain' && Object.keys(overrides).length === 0) return subgraph.id;
  return boundId(subgraph.id, source, overrides);
}

/** Everything in the folder of the built manifest. */
async function buildFiles(path: string): Promise<BuildFile[]> {
  const manifest = await manifestFile(resolve(path));
  const folder = dirname(manifest);
  const files: BuildFile[] = [];
  let bytes = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const content = new Uint8Array(await readFile(file));
    bytes += content.length;
    if (bytes > MAX_BUILD_BYTES)
      throw new AiosError(
        'BUILD_TOO_LARGE',
        `${folder} holds more than 64 MB; name the folder that "graph build" wrote, not the one around it`,
      );
    files.push({ path: file === manifest ? 'subgraph.yaml' : relative(folder, file), content });
  }
  return files;
}

async function manifestFile(path: string): Promise<string> {
  if (/\.ya?ml$/.test(path)) return path;
  const built = join(path, 'build', 'subgraph.yaml');
  return (await stat(built).catch(() => null)) ? built : join(path, 'subgraph.yaml');
}
