// `aios chain init`: the folder of a node.
import { readFile } from 'node:fs/promises';
import { initDevnet, initNode, newSecrets } from '#node/chain/process/init-chain.ts';
import type { GenesisFile } from '#node/chain/types/genesis.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { bold } from '../../cli/screen.ts';
import { defaultFolder, passwordFrom } from './folder-options.ts';

export interface InitOptions {
  folder?: string;
  genesis?: string;
  validator?: boolean;
  passwordFile?: string;
  bootstrap?: string[];
  json?: boolean;
}

export async function init(options: InitOptions): Promise<void> {
  const folder = options.folder ?? defaultFolder;
  const password = await passwordFrom(options.passwordFile);
  const made = options.genesis
    ? await joinChain(folder, await genesisFrom(options.genesis), options, password)
    : await beginChain(folder, options, password);
  if (options.json) process.stdout.write(`${JSON.stringify({ folder, ...made })}\n`);
  else
    process.stdout.write(
      `${bold(folder)} is a node${made.address ? ` that validates as 0x${made.address}` : ''}.\n` +
        `Its peers know it as ${made.peer}.\nStart it with: aios chain start --folder ${folder}\n`,
    );
}

async function joinChain(folder: string, genesis: GenesisFile, options: InitOptions, password?: string) {
  const validator = options.validator ? newSecrets() : undefined;
  const config = options.bootstrap ? { bootstrap: options.bootstrap } : {};
  return { address: undefined, ...(await initNode({ folder, genesis, config, validator, password })) };
}

async function beginChain(folder: string, options: InitOptions, password?: string) {
  const [node] = await initDevnet({ folder, validators: 1, flat: true, password });
  if (!node) throw new AiosError('CHAIN_FOLDER_EMPTY', 'No node was made.');
  void options;
  return { address: node.address, peer: node.peer };
}

async function genesisFrom(path: string): Promise<GenesisFile> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as GenesisFile;
  } catch (error) {
    throw new AiosError(
      'GENESIS_INVALID',
      `${path} cannot be read as a genesis: ${messageOf(error)}. Get the file from where the chain is announced.`,
    );
  }
}
