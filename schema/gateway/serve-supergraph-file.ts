// Serves any supergraph whose subgraphs are HTTP services (`aios gateway --supergraph FILE`), through the same gateway.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AiosError } from '#node/platform/errors.ts';
import { createGateway, type Gateway } from './create-gateway.ts';
import type { GatewayOptions } from './gateway-options.ts';

export interface ServeSupergraphOptions extends Omit<GatewayOptions, 'live' | 'headLoader' | 'subgraphs'> {
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
}

export interface ServedSupergraph {
  readonly url: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly server: Server;
  close(): Promise<void>;
}

/**
 * Listens when it resolves. Our own machinery (read point, live queries) is off: the subgraphs are strangers.
 * @throws AiosError `PORT_TAKEN` when somebody else listens there; `SUBGRAPH_MISSING` for a subgraph without a URL.
 */
export async function serveSupergraphFile(options: ServeSupergraphOptions): Promise<ServedSupergraph> {
  const { port, host = '127.0.0.1', ...rest } = options;
  const gateway = await createGateway(rest);
  const server = createServer(gateway.listener);
  gateway.attach(server);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    await gateway.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new AiosError('PORT_TAKEN', `port ${port} on ${host} is taken: choose another with --port`, {
      cause: error,
    });
  }
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${actual}${gateway.path}`,
    port: actual,
    gateway,
    server,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
