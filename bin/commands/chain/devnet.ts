// `aios chain devnet`: several validators on this machine.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DevnetProcesses } from '#node/chain/process/devnet.ts';
import { devnetNodes, initDevnet } from '#node/chain/process/init-chain.ts';
import { AiosError } from '#node/platform/errors.ts';
import { bold, red } from '../../cli/screen.ts';
import { untilStopped } from '../../cli/until-stopped.ts';
import { numberFrom } from './folder-options.ts';

export interface DevnetOptions {
  folder?: string;
  validators?: string;
  rpcPort?: string;
  fresh?: boolean;
}

export async function devnet(options: DevnetOptions): Promise<void> {
  const folder = options.folder ?? '.aios/chain/devnet';
  const validators = numberFrom('--validators', options.validators, 4);
  if (validators < 1 || validators > 32)
    throw new AiosError('OPTION_INVALID', `--validators is ${validators}, not from 1 to 32.`);
  if (options.fresh) await rm(folder, { recursive: true, force: true });
  const isThere = existsSync(join(folder, 'node-1'));
  const nodes = isThere ? await devnetNodes(folder) : await initDevnet({ folder, validators });
  if (options.validators && nodes.length !== validators)
    throw new AiosError(
      'DEVNET_OTHER',
      `${folder} has a chain of ${nodes.length} validators. Begin a new one with --fresh, or name another --folder.`,
    );
  const running = await DevnetProcesses.start({
    nodes,
    rpcPort: numberFrom('--rpc-port', options.rpcPort, 8_645),
    grpc: true,
    onExit: (nth, code, signal) =>
      process.stderr.write(
        `${red('✗')} node ${nth + 1} ended (${signal ?? code}); its log: ${running.logFile(nth)}\n`,
      ),
  });
  process.stdout.write(`${bold('AiOS devnet')}  ${nodes.length} validators\n`);
  for (const [nth, { address }] of nodes.entries())
    process.stdout.write(`  0x${address}  ${running.rpcUrl(nth)}  gRPC ${running.grpcAddress(nth)}\n`);
  await untilStopped();
  await running.close();
}
