// The process of one node, as the devnet and the trials start it: says where it can be reached once it runs, and ends with who started it.

import { messageOf } from '#node/platform/errors.ts';
import { createLogger } from '#node/platform/log.ts';
import { misconduct, misconductNamed } from '../engine/misconduct.ts';
import { type RunChainNodeOptions, runChainNode } from './run-chain-node.ts';

/** Handed over in the environment, as JSON: file names and ports, nothing secret. */
export interface ChainProcessSettings {
  readonly folder: string;
  readonly override: NonNullable<RunChainNodeOptions['override']>;
  readonly logFile: string;
  readonly logLevel: 'info' | 'warn' | 'debug';
  /** What it does wrong on purpose. */
  readonly misconduct?: string;
}

export const CHAIN_PROCESS_SETTINGS = 'AIOS_CHAIN_PROCESS';

export type ChainProcessMessage =
  | {
      readonly kind: 'running';
      readonly rpcUrl: string;
      readonly grpcAddress: string | undefined;
      readonly genesis: string;
    }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string };

const tell = (message: ChainProcessMessage) =>
  new Promise<void>((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

async function main(settings: ChainProcessSettings): Promise<void> {
  const logger = createLogger({ level: settings.logLevel, file: settings.logFile });
  try {
    const running = await runChainNode({
      ...{ folder: settings.folder, logger, override: settings.override },
      ...(settings.misconduct && { conduct: misconduct(misconductNamed(settings.misconduct)) }),
    });
    let ending = false;
    const end = (why: string) => {
      if (ending) return;
      ending = true;
      logger.warn({ why }, 'ending');
      void running.close().finally(() => process.exit(0));
    };
    process.once('disconnect', () => end('who started it is gone'));
    process.once('SIGTERM', () => end('SIGTERM'));
    // A Ctrl-C reaches every process of the terminal; who started this one decides.
    process.on('SIGINT', () => {});
    await tell({
      ...{ kind: 'running', rpcUrl: running.rpcUrl, grpcAddress: running.grpcAddress },
      genesis: running.node.index.genesisId,
    });
  } catch (error) {
    logger.error({ error: messageOf(error) }, 'cannot start');
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    await tell({ kind: 'failed', code, message: messageOf(error) });
    process.exit(1);
  }
}

const settings = process.env[CHAIN_PROCESS_SETTINGS];
if (settings) await main(JSON.parse(settings) as ChainProcessSettings);
