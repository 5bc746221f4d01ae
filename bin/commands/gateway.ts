// `aios gateway`: any Federation v2 supergraph whose subgraphs are HTTP services, through the product's own gateway.
import { readFile } from 'node:fs/promises';
import { loadConfig } from '#node/platform/config/load.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { createLogger } from '#node/platform/log.ts';
import { serveSupergraphFile } from '#schema/gateway/serve-supergraph-file.ts';
import { dim, green } from '../cli/screen.ts';
import { untilStopped } from '../cli/until-stopped.ts';
import { gatewayLimits } from '../product/gateway-limits.ts';

export async function gateway(options: { supergraph: string; port?: string; host?: string }): Promise<void> {
  const config = await loadConfig({ overrides: { port: options.port, host: options.host } as never });
  let supergraphSdl: string;
  try {
    supergraphSdl = await readFile(options.supergraph, 'utf8');
  } catch (error) {
    throw new AiosError(
      'SUPERGRAPH_UNREADABLE',
      `${options.supergraph} cannot be read (${messageOf(error)}). Name the file of a composed supergraph with --supergraph FILE.`,
    );
  }
  const served = await serveSupergraphFile({
    supergraphSdl,
    port: config.port,
    host: config.host,
    limits: gatewayLimits(config),
    logger: createLogger({ level: config.log.level }),
  });
  process.stdout.write(`${green('ready')}  ${served.url}  ${dim('(Ctrl-C stops)')}\n`);
  await untilStopped();
  await served.close();
}
