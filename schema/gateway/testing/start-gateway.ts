// Starts a gateway over the small supergraph on a free port, with the logs kept.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import type { Subgraph } from '#node/platform/operation.ts';
import { composeSupergraph } from '../../compose/compose-supergraph.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';
import type { GatewayOptions } from '../gateway-options.ts';

export function compose(subgraphs: readonly (Subgraph & { readonly url?: string })[]): string {
  const result = composeSupergraph(subgraphs.map(({ name, sdl, url }) => ({ name, sdl, url })));
  if (!result.ok)
    throw new Error(result.problems.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return result.supergraphSdl;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with literals
  readonly body: any;
}

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly server: Server;
  readonly url: string;
  readonly wsUrl: string;
  /** Log lines, parsed. */
  readonly logs: Record<string, unknown>[];
  post(
    body: {
      query?: string;
      variables?: object;
      operationName?: string;
      extensions?: object;
      documentId?: string;
    },
    headers?: Record<string, string>,
  ): Promise<Answer>;
  close(): Promise<void>;
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

export async function startGateway(
  subgraphs: readonly (Subgraph & { readonly url?: string })[],
  options: Partial<GatewayOptions> = {},
): Promise<RunningGateway> {
  const logs: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logs.push(JSON.parse(line)) });
  const gateway = await createGateway({
    supergraphSdl: compose(subgraphs),
    subgraphs: Object.fromEntries(
      subgraphs.filter(({ url }) => url === undefined).map(({ name, executor }) => [name, executor]),
    ),
    logger,
    ...options,
  });
  const server = createServer(gateway.listener);
  gateway.attach(server);
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    gateway,
    server,
    url,
    wsUrl: `ws://127.0.0.1:${port}/graphql`,
    logs,
    async post(body, headers = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    async close() {
      await gateway.close();
      await stop(server);
    },
  };
}
