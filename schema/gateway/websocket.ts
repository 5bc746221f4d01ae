// GraphQL over WebSocket (graphql-transport-ws). One socket carries many operations; a shared result is serialised once
// for all sockets.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  parse,
} from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { isStream } from './async-stream.ts';
import type { GatewayLimits } from './gateway-options.ts';
import { sharedJson } from './live/shared-result.ts';

export interface SocketConnection {
  readonly request: IncomingMessage;
  readonly params: Record<string, unknown> | undefined;
  /** The upgrade request as the runtime's plugins expect one; made once a socket. */
  asRequest(): Request;
}

export interface WebSocketOptions {
  /** Whether sockets are taken at this URL (path and query); others are left alone. */
  readonly accepts: (url: string) => boolean;
  readonly limits: GatewayLimits;
  readonly logger: Logger;
  readonly corsOrigins: '*' | readonly string[];
  /** Runs one operation; never rejects. */
  readonly run: (
    payload: unknown,
    connection: SocketConnection,
  ) => Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
  /** Throws when the credentials of a new connection are bad. */
  readonly admit: (request: IncomingMessage, params: Record<string, unknown> | undefined) => Promise<void>;
}

interface Extra {
  readonly request: IncomingMessage;
  connection?: SocketConnection;
}

/** Milliseconds between pings; a socket that misses one is closed. */
const KEEP_ALIVE_MS = 12_000;

/** An error as clients get it, without what is meant for HTTP. */
function formatError(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const { extensions, ...rest } = error instanceof GraphQLError ? error.toJSON() : error;
  const { http: _http, unexpected: _unexpected, ...shown } = extensions ?? {};
  return Object.keys(shown).length > 0 ? { ...rest, extensions: shown } : rest;
}

/** The runtime parses and validates itself; the protocol library only wants to see some subscription. */
const PLACEHOLDER_DOCUMENT = parse('subscription { __typename }', { noLocation: true });

export function attachWebSocket(options: WebSocketOptions) {
  const { limits, logger } = options;
  // Stands for a payload that is already JSON. Unguessable, so that no client can make one appear in a message.
  const marker = randomBytes(16).toString('hex');
  const quoted = JSON.stringify(marker);

  const server = makeServer<Record<string, unknown>, Extra>({
    async onConnect(context) {
      const { request } = context.extra;
      try {
        await options.admit(request, context.connectionParams);
      } catch (error) {
        if (!(error instanceof AiosError)) throw error;
        logger.debug({ code: error.code }, 'a socket was refused');
        return false;
      }
      let asRequest: Request | undefined;
      context.extra.connection = {
        request,
        params: context.connectionParams,
        asRequest() {
          asRequest ??= new Request(`http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`, {
            headers: { 'user-agent': String(request.headers['user-agent'] ?? '') },
          });
          return asRequest;
        },
      };
      return true;
    },
    async onSubscribe(context, _id, payload) {
      if (Object.keys(context.subscriptions).length > limits.maxOperationsPerSocket) {
        return [
          new GraphQLError(
            `maxOperationsPerSocket exceeded: at most ${limits.maxOperationsPerSocket} operations run on one socket; complete some or open another`,
            { extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxOperationsPerSocket' } },
          ),
        ];
      }
      const { connection } = context.extra;
      if (!connection) throw new Error('an operation before the connection was acknowledged');
      const result = await options.run(payload, connection);
      // Refused before execution: the protocol has a message of its own for that.
      if (!isStream(result) && result.data === undefined && result.errors?.length) return result.errors;
      return { schema: undefined as never, document: PLACEHOLDER_DOCUMENT, contextValue: result };
    },
    subscribe: (args) => args.contextValue as never,
    onNext(_context, _id, _payload, _args, result) {
      const json = sharedJson(result);
      if (json !== undefined) {
        const shared = {
          toJSON() {
            nextShared = json;
            return marker;
          },
        };
        return shared as unknown as FormattedExecutionResult;
      }
      return result.errors ? { ...result, errors: result.errors.map(formatError) } : undefined;
    },
    onError: (_context, _id, _payload, errors) => errors.map(formatError),
  });
  // Set while a message is being serialised and read right after, in the same turn.
  let nextShared: string | undefined;

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxBodyBytes,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });

  const opened = (socket: WebSocket, request: IncomingMessage) => {
    let alive = true;
    socket.on('pong', () => {
      alive = true;
    });
    const ping = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, KEEP_ALIVE_MS);
    socket.on('error', (error) => logger.debug({ err: error }, 'a socket failed'));
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send(text) {
          const shared = nextShared;
          nextShared = undefined;
          const message = shared === undefined ? text : text.replace(quoted, () => shared);
          return new Promise<void>((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            socket.send(message, (error) => (error ? reject(error) : resolve()));
          });
        },
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data) => {
            receive(String(data)).catch((error: unknown) => {
              logger.error({ err: error }, 'a socket message failed');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          }),
      },
      { request },
    );
    socket.once('close', (code, reason) => {
      clearInterval(ping);
      Promise.resolve(closed(code, String(reason))).catch((error: unknown) =>
        logger.warn({ err: error }, `a closed socket left something behind: ${messageOf(error)}`),
      );
    });
  };

  const isAllowed = ({ headers }: IncomingMessage) =>
    options.corsOrigins === '*' ||
    headers.origin === undefined ||
    options.corsOrigins.includes(headers.origin);

  const attached: { server: Server; upgrade: (...args: [IncomingMessage, Duplex, Buffer]) => void }[] = [];
  return {
    attach(http: Server): void {
      const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        const url = request.url ?? '/';
        if (!options.accepts(url)) return;
        if (!isAllowed(request)) {
          socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
          return;
        }
        sockets.handleUpgrade(request, socket, head, (ready) => opened(ready, request));
      };
      http.on('upgrade', upgrade);
      attached.push({ server: http, upgrade });
    },
    async close(): Promise<void> {
      for (const { server: http, upgrade } of attached.splice(0)) http.off('upgrade', upgrade);
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      const end = new Promise<void>((resolve) => sockets.close(() => resolve()));
      const force = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, 2_000);
      await end;
      clearTimeout(force);
    },
  };
}
