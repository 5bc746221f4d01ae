// One short session with an MCP server on behalf of a guest: connect, ask, leave. Bounded in bytes and time whatever the server does; its
// schemas are handed on as data and never compiled here.
import { Readable } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  ErrorCode,
  ListToolsResultSchema,
  McpError,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { type Resolve, requestOutside } from './outside-request.ts';

export interface McpServer {
  readonly name: string;
  readonly url: string;
  /** What the operator sends along, such as a key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly mayBePrivate: boolean;
}

export interface McpSessionLimits {
  /** Of all answers of the session together. */
  readonly bytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A failure, and whether the server may have done what it was asked. */
export class McpFailure extends Error {
  readonly reason: AiosError;
  readonly mayHaveActed: boolean;

  constructor(reason: AiosError, mayHaveActed: boolean) {
    super(reason.message, { cause: reason });
    this.reason = reason;
    this.mayHaveActed = mayHaveActed;
  }
}

/** Milliseconds for a server to say something after its answer has ended: what was read is on its way through the client. */
const afterEndMs = 250;
const goodbyeMs = 1_000;
const maxPages = 20;

/** What a request of the session is doing, for the requests of HTTP below it. */
interface Pending {
  settled: boolean;
}

export class McpSession {
  readonly #server: McpServer;
  readonly #limits: McpSessionLimits;
  readonly #resolve: Resolve | undefined;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #timeout: AbortSignal;
  readonly #transport: StreamableHTTPClientTransport;
  readonly #client = new Client({ name: 'aios-agent', version: '1' }, { capabilities: {} });
  #read = 0;
  #pending: Pending = { settled: true };

  private constructor(server: McpServer, limits: McpSessionLimits, resolve: Resolve | undefined) {
    this.#server = server;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#timeout = AbortSignal.timeout(limits.timeoutMs);
    this.#signal = AbortSignal.any([this.#over.signal, this.#timeout, limits.signal]);
    this.#transport = new StreamableHTTPClientTransport(new URL(server.url), {
      fetch: this.#fetch,
      reconnectionOptions: {
        maxRetries: 0,
        initialReconnectionDelay: 1_000,
        maxReconnectionDelay: 1_000,
        reconnectionDelayGrowFactor: 1,
      },
    });
  }

  /** Opens a session, works in it, and leaves. @throws McpFailure */
  static async with<Result>(
    server: McpServer,
    limits: McpSessionLimits,
    resolve: Resolve | undefined,
    work: (session: McpSession) => Promise<Result>,
  ): Promise<Result> {
    const session = new McpSession(server, limits, resolve);
    try {
      await session.#ask(false, (options) => session.#client.connect(session.#transport, options));
      return await work(session);
    } finally {
      await session.#leave();
    }
  }

  /** All tools, page by page. @throws McpFailure */
  async tools(): Promise<readonly Tool[]> {
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < maxPages; page++) {
      const listed = await this.#ask(false, (options) =>
        this.#client.request(
          { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
          ListToolsResultSchema,
          options,
        ),
      );
      tools.push(...listed.tools);
      cursor = listed.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  }

  /** Not `Client.callTool`, which would compile the server's schemas. @throws McpFailure */
  call(tool: string, args: Record<string, unknown>, key: string): Promise<CallToolResult> {
    return this.#ask(true, (options) =>
      this.#client.request(
        {
          method: 'tools/call',
          params: { name: tool, arguments: args, _meta: { 'aios/idempotencyKey': key } },
        },
        CallToolResultSchema,
        options,
      ),
    );
  }

  async #ask<Result>(
    acts: boolean,
    send: (options: { readonly signal: AbortSignal; readonly timeout: number }) => Promise<Result>,
  ): Promise<Result> {
    const pending: Pending = { settled: false };
    this.#pending = pending;
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => reject(this.#signal.reason);
      if (this.#signal.aborted) stop();
      else this.#signal.addEventListener('abort', stop, { once: true });
    });
    stopped.catch(() => {});
    try {
      // The client's own time limit comes later than ours, which knows why.
      const timeout = this.#limits.timeoutMs + 60_000;
      const asked = send({ signal: this.#signal, timeout });
      asked.catch(() => {});
      return await Promise.race([asked, stopped]);
    } catch (error) {
      const reason = this.#reasonOf(error);
      throw new McpFailure(reason, acts && reason.code !== 'MCP_REFUSED' && !neverSent.has(reason.code));
    } finally {
      pending.settled = true;
    }
  }

  #reasonOf(error: unknown): AiosError {
    const { name } = this.#server;
    if (error instanceof AiosError) return error;
    if (this.#over.signal.reason instanceof AiosError) return this.#over.signal.reason;
    if (this.#timeout.aborted)
      return new AiosError(
        'MCP_TIMEOUT',
        `${name} did not answer within ${this.#limits.timeoutMs} ms. Try again later, or raise capabilities.mcp.timeoutMs.`,
      );
    if (this.#limits.signal.aborted) return new AiosError('CANCELLED', 'The run is over.');
    const status = (error as { readonly code?: unknown } | null)?.code;
    if (error instanceof McpError)
      return new AiosError(
        refusals.has(error.code) ? 'MCP_REFUSED' : 'MCP_FAILED',
        `${name} answered error ${error.code}: ${error.message.slice(0, 500)}`,
      );
    if (typeof status === 'number' && status >= 300)
      return new AiosError(
        status < 500 ? 'MCP_REFUSED' : 'MCP_FAILED',
        `${name} answered HTTP ${status}. Check the address and what it asks of its callers.`,
      );
    if (error instanceof Error && error.name === 'UnauthorizedError')
      return new AiosError(
        'MCP_REFUSED',
        `${name} asks for authorization. Let the operator configure it with its headers (agents.mcpServers).`,
      );
    if (typeof status === 'string' && /^E[A-Z]+$/.test(status))
      return new AiosError(
        connecting.has(status) ? 'MCP_UNREACHABLE' : 'MCP_BROKEN',
        `${name} could not be reached: ${messageOf(error)}. Try again later.`,
      );
    return new AiosError(
      'MCP_MALFORMED',
      `${name} does not speak the Model Context Protocol: ${messageOf(error).slice(0, 300)}. Check its address.`,
    );
  }

  async #leave(): Promise<void> {
    const goodbye = AbortSignal.timeout(goodbyeMs);
    if (this.#transport.sessionId !== undefined && !this.#signal.aborted)
      await Promise.race([
        this.#transport.terminateSession().catch(() => {}),
        new Promise((resolve) => goodbye.addEventListener('abort', resolve, { once: true })),
      ]);
    await this.#client.close().catch(() => {});
    this.#over.abort();
  }

  /** The only way out: one address, counted bytes, no redirects, no stream that waits for the server's own ideas. */
  #fetch: FetchLike = async (_url, init = {}) => {
    const method = init.method ?? 'GET';
    if (method === 'GET') return new Response(null, { status: 405 });
    const pending = this.#pending;
    const { url, headers, mayBePrivate } = this.#server;
    const response = await requestOutside(new URL(url), {
      method,
      headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers },
      body: typeof init.body === 'string' ? init.body : undefined,
      signal: this.#signal,
      mayBePrivate,
      resolve: this.#resolve,
    });
    const status = response.statusCode ?? 502;
    response.on('data', (chunk: Buffer) => {
      this.#read += chunk.length;
      if (this.#read <= this.#limits.bytes) return;
      this.#over.abort(
        new AiosError(
          'RESPONSE_TOO_LARGE',
          `${this.#server.name} answered with over ${this.#limits.bytes} bytes. Ask for less, or raise capabilities.mcp.bytes.`,
        ),
      );
      response.destroy();
    });
    response.pause();
    response.once('error', () => {});
    response.once('close', () => {
      setTimeout(() => {
        if (pending.settled) return;
        this.#over.abort(
          new AiosError(
            'MCP_BROKEN',
            `${this.#server.name} ended its answer without a result. Try again later.`,
          ),
        );
      }, afterEndMs).unref();
    });
    const bodiless = status === 204 || status === 205 || status === 304;
    if (bodiless) response.resume();
    const answer = new Headers();
    for (const [header, value] of Object.entries(response.headers))
      if (value !== undefined) answer.set(header, Array.isArray(value) ? value.join(', ') : value);
    return new Response(bodiless ? null : (Readable.toWeb(response) as ReadableStream), {
      status,
      headers: answer,
    });
  };
}

/** JSON-RPC's errors that say: not done. */
const refusals = new Set<number>([
  ErrorCode.ParseError,
  ErrorCode.InvalidRequest,
  ErrorCode.MethodNotFound,
  ErrorCode.InvalidParams,
]);
/** Errors of the system by which no connection came about. */
const connecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** Failures before the request was on its way. */
const neverSent = new Set(['ADDRESS_NOT_ALLOWED', 'MCP_UNREACHABLE']);
