// `aios chain start`: one node, in this process.
import { join } from 'node:path';
import { chainFolder, readChainFolder } from '#node/chain/process/chain-folder.ts';
import { runChainNode } from '#node/chain/process/run-chain-node.ts';
import { createLogger, type LogOptions } from '#node/platform/log.ts';
import { bold, dim } from '../../cli/screen.ts';
import { untilStopped } from '../../cli/until-stopped.ts';
import { defaultFolder, numberFrom, passwordFrom } from './folder-options.ts';

export interface StartOptions {
  folder?: string;
  rpcPort?: string;
  bootstrap?: string[];
  passwordFile?: string;
  resync?: boolean;
  log?: string;
  logStdout?: boolean;
}

export async function start(options: StartOptions): Promise<void> {
  const folder = options.folder ?? defaultFolder;
  const { config } = await readChainFolder(chainFolder(folder));
  const level = (options.log ?? config.logLevel) as LogOptions['level'];
  const file = join(folder, 'node.log');
  const logger = createLogger(options.logStdout ? { level } : { level, file });
  const running = await runChainNode({
    ...{ folder, logger, resync: options.resync },
    password: await passwordFrom(options.passwordFile),
    override: {
      ...(options.rpcPort && {
        rpc: { ...config.rpc, port: numberFrom('--rpc-port', options.rpcPort, config.rpc.port) },
      }),
      ...(options.bootstrap && { bootstrap: options.bootstrap }),
    },
  });
  const { finalized } = running.node;
  process.stdout.write(
    `${bold('AiOS chain')}  ${dim(running.node.index.genesisId.slice(0, 16))}\n` +
      `  RPC    ${running.rpcUrl}\n` +
      running.addresses.map((address) => `  peers  ${address}\n`).join('') +
      `  final  epoch ${finalized.epoch}, block ${running.node.head.finalized}\n` +
      (options.logStdout ? '' : `  log    ${file}\n`),
  );
  await untilStopped();
  await running.close();
}
