// Where everything of one node lies on disk, and what its operator sets.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { type Genesis, readGenesis } from '../types/genesis.ts';

export interface ChainFolder {
  readonly folder: string;
  readonly genesis: string;
  readonly config: string;
  /** The key by which peers know the node. */
  readonly nodeKey: string;
  /** Of a validator: what it votes with, and the account that its stake belongs to. */
  readonly votingKey: string;
  readonly accountKey: string;
  /** What the validator has signed. To be kept whatever else is deleted. */
  readonly journal: string;
  /** Can be fetched from peers again. */
  readonly store: string;
}

export const chainFolder = (folder: string): ChainFolder => ({
  folder,
  genesis: join(folder, 'genesis.json'),
  config: join(folder, 'config.json'),
  nodeKey: join(folder, 'keys', 'node.key'),
  votingKey: join(folder, 'keys', 'voting.json'),
  accountKey: join(folder, 'keys', 'account.json'),
  journal: join(folder, 'signing.journal'),
  store: join(folder, 'store'),
});

const port = z.int().min(0).max(65_535);

const configSchema = z.strictObject({
  /** Multiaddrs on which peers are heard. */
  listen: z.array(z.string().startsWith('/')).prefault(['/ip4/127.0.0.1/tcp/0']),
  /** Peers that are called until they answer. */
  bootstrap: z.array(z.string().startsWith('/')).max(64).prefault([]),
  maxPeers: z.int().min(1).max(500).prefault(50),
  rpc: z
    .strictObject({
      host: z.string().prefault('127.0.0.1'),
      port: port.prefault(8_645),
      /** Origins of web pages that may call; `*` for all. */
      origins: z.array(z.string()).prefault([]),
    })
    .prefault({}),
  /** Where agents submit batches; none when it is left out. */
  grpc: z.strictObject({ host: z.string().prefault('127.0.0.1'), port: port.prefault(8_646) }).optional(),
  /** Threads that check signatures. */
  signatureWorkers: z.int().min(1).max(64).prefault(1),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).prefault('info'),
});

export type ChainConfig = z.output<typeof configSchema>;
export type ChainConfigFile = z.input<typeof configSchema>;

/** @throws AiosError CHAIN_CONFIG_INVALID */
export function readChainConfig(text: unknown, path = 'the configuration'): ChainConfig {
  const read = configSchema.safeParse(text);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new AiosError(
    'CHAIN_CONFIG_INVALID',
    `${path} is not valid: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}. docs/chain.md lists every setting.`,
  );
}

/** @throws AiosError CHAIN_FOLDER_EMPTY, CHAIN_CONFIG_INVALID, GENESIS_INVALID */
export async function readChainFolder(
  paths: ChainFolder,
): Promise<{ genesis: Genesis; config: ChainConfig }> {
  const genesis = readGenesis(await readJson(paths.genesis, paths));
  const config = readChainConfig(await readJson(paths.config, paths), paths.config);
  return { genesis, config };
}

async function readJson(path: string, { folder }: ChainFolder): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AiosError(
      'CHAIN_FOLDER_EMPTY',
      `There is no ${path}. Make a folder for a node with "aios chain init --folder ${folder}".`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AiosError('CHAIN_CONFIG_INVALID', `${path} is no JSON: ${messageOf(error)}.`);
  }
}
