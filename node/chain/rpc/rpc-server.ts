// JSON-RPC over HTTP and WebSocket on one port. By default only this machine reaches it; a page of another site does not even there: its
// `Origin` must be configured, and `Host` must be a name of this server, or a site could have its own name lead here (DNS rebinding).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { ChainView } from '../engine/chain-view.ts';
import { aiosMethods } from './aios-methods.ts';
import { EthBlocks, type EthBlocksOptions } from './eth-blocks.ts';
import { ethMethods } from './eth-methods.ts';
import type { GetLogsLimits } from './get-logs.ts';
import { JsonRpc, type JsonRpcLimits } from './json-rpc.ts';
import { PendingTransactions } from './pending-transactions.ts';
import { Subscriptions } from './subscriptions.ts';

export interface RpcServerOptions extends EthBlocksOptions {
  readonly view: ChainView;
  /** Default: this machine alone. */
  readonly host?: string;
  /** 0 takes one that is free. */
  readonly port: number;
  /** Names under which the server is reached, beside `localhost`, its own address and 127.0.0.1: what `Host` may say. */
  readonly hosts?: readonly string[];
  /** Origins whose pages may ask, such as `https://explorer.example`; `*` for all. */
  readonly origins?: readonly string[];
  readonly maxConnections?: number;
  readonly maxSockets?: number;
  readonly maxBodyBytes?: number;
  /** Of all bodies that are on their way at once. */
  readonly maxArrivingBytes?: number;
  /** Of one request over WebSocket, of which several may wait. */
  readonly maxMessageBytes?: number;
  /** What may wait for one reader of a WebSocket before it is cut off. */
  readonly maxWaitingBytes?: number;
  /** Answers that were made and not read yet, of all callers together; beyond it nothing new is taken. */
  readonly maxUnreadBytes?: number;
  /** How long a request may take to arrive. */
  readonly requestTimeoutMs?: number;
  /** How often sockets are asked whether somebody is still there. */
  readonly heartbeatMs?: number;
  readonly limits?: Partial<JsonRpcLimits>;
  readonly logs?: GetLogsLimits;
  /** Why the node is no use yet, such as a chain that it is still fetching; undefined when it is ready. */
  readonly notReady?: () => string | undefined;
}

type Settings = Required<
  Pick<
    RpcServerOptions,
    | 'maxArrivingBytes'
    | 'maxConnections'
    | 'maxSockets'
    | 'maxBodyBytes'
    | 'maxWaitingBytes'
    | 'maxUnreadBytes'
    | 'heartbeatMs'
  >
>;

/** Requests of one socket that are read before the first is answered. */
const SOCKET_QUEUE = 4;
const localNames = ['localhost', '127.0.0.1', '[::1]'];

/** How to be heard by somebody who does not read any more. */
const LAST_WORD_MS = 2_000;

export class RpcServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #rpc: JsonRpc;
  readonly #blocks: EthBlocks;
  readonly #pending: PendingTransactions;
  readonly #settings: Settings;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #notReady: () => string | undefined;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #subscriptions = new Set<Subscriptions>();
  #unread = 0;
  #arriving = 0;

  private constructor(options: RpcServerOptions) {
    this.#settings = {
      maxConnections: options.maxConnections ?? 512,
      maxSockets: options.maxSockets ?? 128,
      maxBodyBytes: options.maxBodyBytes ?? 5 * 1024 * 1024,
      maxArrivingBytes: options.maxArrivingBytes ?? 128 * 1024 * 1024,
      maxWaitingBytes: options.maxWaitingBytes ?? 16 * 1024 * 1024,
      maxUnreadBytes: options.maxUnreadBytes ?? 320 * 1024 * 1024,
      heartbeatMs: options.heartbeatMs ?? 30_000,
    };
    this.#blocks = new EthBlocks(options.view, options);
    this.#pending = new PendingTransactions(options.view);
    this.#rpc = new JsonRpc(
      {
        ...ethMethods({ blocks: this.#blocks, ...(options.logs && { logs: options.logs }) }),
        ...aiosMethods({ blocks: this.#blocks, pending: this.#pending }),
      },
      options.limits,
    );
    const named = options.host === undefined ? [] : [options.host];
    this.#hosts = new Set(
      [...localNames, ...named, ...(options.hosts ?? [])].map((name) => name.toLowerCase()),
    );
    this.#origins = new Set(options.origins);
    this.#notReady = options.notReady ?? (() => undefined);
    this.#http = createServer(
      {
        requestTimeout: options.requestTimeoutMs ?? 30_000,
        headersTimeout: 10_000,
        keepAliveTimeout: 65_000,
        maxHeaderSize: 16_384,
      },
      (request, response) => void this.#serve(request, response),
    );
    this.#http.maxConnections = this.#settings.maxConnections;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxMessageBytes ?? 1024 * 1024,
      perMessageDeflate: false,
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#heartbeat = setInterval(() => this.#beat(), this.#settings.heartbeatMs);
    this.#heartbeat.unref();
  }

  /** @throws AiosError RPC_PORT_TAKEN */
  static async open(options: RpcServerOptions): Promise<RpcServer> {
    const server = new RpcServer(options);
    const { host = '127.0.0.1', port } = options;
    try {
      await new Promise<void>((resolve, reject) => {
        server.#http.once('error', reject).listen(port, host, resolve);
      });
    } catch (error) {
      await server.close();
      throw new AiosError(
        'RPC_PORT_TAKEN',
        `The RPC cannot listen on ${host}:${port}: ${messageOf(error)}. Choose another port, or end what listens there.`,
        { cause: error },
      );
    }
    // Errors of single connections are theirs alone.
    server.#http.on('clientError', (_error, socket) => socket.destroy());
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** The blocks that it keeps, for others who serve them. */
  get blocks(): EthBlocks {
    return this.#blocks;
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#pending.close();
    for (const each of this.#subscriptions) each.close();
    for (const socket of this.#sockets.clients) {
      socket.close(1001, 'the node stops');
      socket.terminate();
    }
    this.#sockets.close();
    if (!this.#http.listening) return;
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  /** Why somebody may not ask; undefined when they may. */
  #refusal(request: IncomingMessage): string | undefined {
    const { host = '', origin } = request.headers;
    const name = host.replace(/:\d*$/, '').toLowerCase();
    if (!this.#hosts.has(name))
      return `The Host "${name.slice(0, 80)}" is no name of this server: add it to the RPC's hosts.`;
    if (origin !== undefined && !this.#origins.has(origin) && !this.#origins.has('*'))
      return `Pages of ${origin.slice(0, 80)} may not ask here: add it to the RPC's origins.`;
    return undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#respond(request, response);
    } catch (error) {
      // Who went away gets no answer.
      if (!response.headersSent && !response.destroyed) plain(response, 500, messageOf(error));
      else response.destroy();
    }
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0];
    if (request.method === 'GET' && path === '/health') return plain(response, 200, 'ok');
    if (request.method === 'GET' && path === '/ready') {
      const why = this.#notReady();
      return plain(response, why === undefined ? 200 : 503, why ?? 'ready');
    }
    const refusal = this.#refusal(request);
    if (refusal) return plain(response, 403, refusal);
    const { origin } = request.headers;
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
    }
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', 'POST');
      response.setHeader('access-control-allow-headers', 'content-type');
      response.setHeader('access-control-max-age', '600');
      return plain(response, 204, '');
    }
    if (request.method !== 'POST' || path !== '/')
      return plain(response, 405, 'JSON-RPC is answered to POST / and over WebSocket at /.');
    const { maxUnreadBytes, maxArrivingBytes } = this.#settings;
    if (this.#unread > maxUnreadBytes || this.#arriving > maxArrivingBytes)
      return plain(response, 503, 'Too much is asked at once: try again later.', true);
    const body = await this.#body(request);
    if (body === undefined)
      return plain(response, 413, `A request may have ${this.#settings.maxBodyBytes} bytes.`, true);
    const answer = await this.#rpc.answer(body);
    if (answer === undefined) return plain(response, 204, '');
    this.#send(response, answer);
  }

  #send(response: ServerResponse, answer: string): void {
    const bytes = Buffer.from(answer);
    this.#unread += bytes.length;
    // Also when the reader goes away.
    response.once('close', () => {
      this.#unread -= bytes.length;
    });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    response.end(bytes);
  }

  /** @returns undefined when it is too large */
  async #body(request: IncomingMessage): Promise<string | undefined> {
    const { maxBodyBytes } = this.#settings;
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return undefined;
    const parts: Buffer[] = [];
    let length = 0;
    try {
      for await (const part of request as AsyncIterable<Buffer>) {
        length += part.length;
        this.#arriving += part.length;
        if (length > maxBodyBytes) return undefined;
        parts.push(part);
      }
      return Buffer.concat(parts).toString('utf8');
    } finally {
      this.#arriving -= length;
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refuse = (status: string, why: string) =>
      socket.end(
        `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(why)}\r\n\r\n${why}`,
      );
    const refusal = this.#refusal(request);
    if (refusal) return void refuse('403 Forbidden', refusal);
    if (this.#sockets.clients.size >= this.#settings.maxSockets)
      return void refuse('503 Service Unavailable', 'All WebSockets are taken: try again later.');
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#connected(client));
  }

  #connected(client: WebSocket): void {
    alive.add(client);
    const close = (why: string) => {
      subscriptions.close();
      // A reason has at most 123 bytes.
      client.close(1013, why.slice(0, 120));
      setTimeout(() => client.terminate(), LAST_WORD_MS).unref();
    };
    const send = (text: string) => {
      if (client.readyState !== WebSocket.OPEN) return;
      if (client.bufferedAmount + text.length > this.#settings.maxWaitingBytes && client.bufferedAmount > 0)
        return close(`too slow: ${client.bufferedAmount} bytes wait to be read`);
      client.send(text);
    };
    const subscriptions = new Subscriptions(this.#blocks, { send, close });
    this.#subscriptions.add(subscriptions);
    let queued = 0;
    let last = Promise.resolve();
    const answer = async (text: string) => {
      if (client.readyState !== WebSocket.OPEN) return;
      const answered = await this.#rpc.answer(text, subscriptions.methods);
      if (answered !== undefined) send(answered);
    };
    client.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) return client.close(1003, 'requests are text');
      queued += 1;
      if (queued >= SOCKET_QUEUE) client.pause();
      // In order: an answer to eth_subscribe comes before what it subscribes to.
      last = last
        .then(() => answer(data.toString()))
        .catch(() => client.terminate())
        .finally(() => {
          queued -= 1;
          if (queued < SOCKET_QUEUE && client.isPaused) client.resume();
        });
    });
    client.on('pong', () => alive.add(client));
    client.on('error', () => client.terminate());
    client.on('close', () => {
      subscriptions.close();
      this.#subscriptions.delete(subscriptions);
    });
  }

  /** Ends sockets behind which nobody has answered since the last beat. */
  #beat(): void {
    for (const client of this.#sockets.clients) {
      if (!alive.delete(client)) client.terminate();
      else client.ping();
    }
  }
}

/** Sockets that have given a sign of life since the last beat. */
const alive = new WeakSet<WebSocket>();

function plain(response: ServerResponse, status: number, text: string, close = false): void {
  if (close) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
