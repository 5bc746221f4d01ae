// The endpoint of the Model Context Protocol (streamable HTTP): every agent that the caller may run is a tool. Nothing is kept between
// requests but the calls that run: a session's id proves itself, so any process that serves the endpoint may answer the next request.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type ProgressToken,
} from '@modelcontextprotocol/sdk/types.js';
import { AiosError } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import type { SubgraphExecutor, Viewer } from '#node/platform/operation.ts';
import type { Json } from '../../runtime/runtime.ts';
import { agentName, deploymentOfName } from '../described.ts';
import { HttpDoor, type HttpDoorOptions, pathOf, peerOf, sendError } from '../http-door.ts';
import { type OpenCallLimits, OpenCalls } from '../open-calls.ts';
import { eventText, runToEnd } from '../run-to-end.ts';
import { type Caller, type JsonObject, SupergraphAgents } from '../supergraph-agents.ts';
import { inputOf, refusalOf, resultOf, toolOf } from './mcp-tools.ts';

export interface McpEndpointOptions extends HttpDoorOptions {
  readonly executor: SubgraphExecutor;
  /** Tells the other processes of calls to end. */
  readonly bus: EventBus;
  /** Seals session ids; the same for all processes that serve the endpoint. */
  readonly secret: string;
  readonly version: string;
  readonly logger: Logger;
  readonly path?: string;
  readonly calls?: OpenCallLimits;
  /** Tools of one page. */
  readonly pageSize?: number;
  /** Milliseconds that a call waits for its run. */
  readonly callTimeoutMs?: number;
}

const defaults = { path: '/mcp', pageSize: 50, callTimeoutMs: 600_000 } as const;
/** Notifications of one call: an agent that says a lot must not fill the line. */
const maxNotifications = 1_000;
const maxMessage = 1_000;
const cancelTopic = 'agents.mcp.cancel';
const methods = 'POST, DELETE, OPTIONS';

const instructions =
  'Each tool runs an agent of a business network and answers with its output. A run is recorded: its id is in the result (_meta, aios/run). Errors carry a code and say what to do. Tools named alike are the same agent deployed at several places.';

interface RpcMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly requestId?: string | number };
}

export class McpEndpoint {
  readonly path: string;
  readonly #options: McpEndpointOptions;
  readonly #door: HttpDoor;
  readonly #agents: SupergraphAgents;
  readonly #calls: OpenCalls;
  readonly #transports = new Set<StreamableHTTPServerTransport>();
  readonly #stopListening: () => void;

  constructor(options: McpEndpointOptions) {
    this.#options = options;
    this.path = options.path ?? defaults.path;
    this.#door = new HttpDoor(options);
    this.#agents = new SupergraphAgents(options.executor);
    this.#calls = new OpenCalls(options.calls);
    this.#stopListening = options.bus.onSignal(cancelTopic, (payload) => {
      const key = (payload as { readonly call?: string } | undefined)?.call;
      if (key) this.#calls.cancel(key);
    });
  }

  /** Ends what waits; runs go on. */
  async close(): Promise<void> {
    this.#stopListening();
    await Promise.all([...this.#transports].map((transport) => transport.close()));
  }

  /** Answers requests to its path, and says so. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (pathOf(request) !== this.path) return false;
    if (!this.#door.admits(request, response, methods)) return true;
    const viewer = await this.#door.viewer(request, response);
    if (!viewer) return true;
    const session = request.headers['mcp-session-id'];
    if (session !== undefined && !this.#sealed(String(session), viewer)) {
      sendError(
        response,
        404,
        'SESSION_UNKNOWN',
        'This session is not yours or not known. Initialize again.',
      );
    } else if (request.method === 'DELETE') {
      if (session !== undefined) this.#calls.cancelAll(`${session} `);
      response.writeHead(204).end();
    } else if (request.method === 'POST') {
      await this.#post(request, response, viewer, session === undefined ? viewer.session : String(session));
    } else {
      // There is nothing to tell outside of a call, so there is no stream to open.
      response.setHeader('allow', methods);
      sendError(response, 405, 'METHOD_NOT_ALLOWED', `Send messages by POST; allowed are ${methods}.`);
    }
    return true;
  }

  async #post(
    request: IncomingMessage,
    response: ServerResponse,
    viewer: Viewer,
    session: string,
  ): Promise<void> {
    const body = await this.#door.json(request, response);
    if (body === undefined) return;
    if (body === null || typeof body !== 'object' || Array.isArray(body))
      return sendError(
        response,
        400,
        'BAD_REQUEST',
        'Send one JSON-RPC message at a time: an object, no batch.',
        -32600,
      );
    const { method, params, id } = body as RpcMessage;
    if (method === 'initialize') response.setHeader('mcp-session-id', this.#newSession(viewer));
    if (method === 'tools/call' && !this.#door.mayAct(viewer, response)) return;
    if (method === 'notifications/cancelled' && params?.requestId !== undefined)
      await this.#cancel(callKey(session, params.requestId));

    const gone = new AbortController();
    const caller: Caller = { viewer, ip: peerOf(request), signal: gone.signal };
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    const server = this.#server(caller, id === undefined ? '' : callKey(session, id), () => {
      transport.close().catch(() => {});
    });
    this.#transports.add(transport);
    response.once('close', () => {
      gone.abort();
      this.#transports.delete(transport);
      transport.close().catch(() => {});
    });
    await server.connect(transport);
    await transport.handleRequest(request, response, body);
  }

  #server(caller: Caller, key: string, hangUp: () => void): Server {
    const { version, logger, pageSize = defaults.pageSize } = this.#options;
    const server = new Server(
      { name: 'aios-studio', title: 'AiOS Studio', version },
      { capabilities: { tools: {} }, instructions },
    );
    const orMcpError = async <Value>(work: () => Promise<Value>): Promise<Value> => {
      try {
        return await work();
      } catch (error) {
        if (error instanceof McpError) throw error;
        if (error instanceof AiosError)
          throw new McpError(
            error.code === 'CURSOR_INVALID' ? ErrorCode.InvalidParams : ErrorCode.InternalError,
            error.message,
            { code: error.code },
          );
        logger.error({ err: error }, 'a request of an MCP client failed');
        throw new McpError(ErrorCode.InternalError, 'Internal error: see the log.');
      }
    };
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
      orMcpError(async () => {
        const { agents, next } = await this.#agents.list(caller, {
          first: pageSize,
          after: params?.cursor,
          runnable: true,
        });
        return { tools: agents.map(toolOf), ...(next === null ? {} : { nextCursor: next }) };
      }),
    );
    server.setRequestHandler(CallToolRequestSchema, ({ params }, { _meta, sendNotification }) =>
      orMcpError(async () => {
        let told = 0;
        const tell = progressOf(_meta?.progressToken, (progress, message) => {
          if (told++ < maxNotifications)
            void sendNotification({
              method: 'notifications/progress',
              params: { progressToken: _meta?.progressToken as ProgressToken, progress, message },
            }).catch(() => {});
        });
        return this.#call(caller, key, params, tell, hangUp);
      }),
    );
    return server;
  }

  async #call(
    caller: Caller,
    key: string,
    params: { readonly name: string; readonly arguments?: Record<string, unknown> },
    tell: (text: string) => void,
    hangUp: () => void,
  ): Promise<CallToolResult> {
    const deploymentId = deploymentOfName(params.name);
    const agent = deploymentId === null ? null : await this.#agents.agent(caller, deploymentId);
    if (!agent || agentName(agent) !== params.name)
      throw new McpError(
        ErrorCode.InvalidParams,
        `Unknown tool: ${params.name.slice(0, 100)}. List the tools again.`,
      );
    try {
      const input = inputOf(agent).toValue((params.arguments ?? {}) as JsonObject);
      const call = this.#calls.open(caller.viewer?.did ?? '', key);
      try {
        const run = await runToEnd({
          agents: this.#agents,
          caller,
          deploymentId: agent.deploymentId,
          input: input as Json,
          cancelled: call.cancelled,
          timeoutMs: this.#options.callTimeoutMs ?? defaults.callTimeoutMs,
          onEvent: (event) => tell(eventText(event)),
        });
        return resultOf(agent, run);
      } finally {
        call.close();
        // Who cancelled expects no answer: the line is closed without one.
        if (call.cancelled.aborted) hangUp();
      }
    } catch (error) {
      if (error instanceof AiosError) return refusalOf(error);
      throw error;
    }
  }

  async #cancel(key: string): Promise<void> {
    if (this.#calls.cancel(key)) return;
    await this.#options.bus.transaction((transaction) => transaction.signal(cancelTopic, { call: key }));
  }

  #newSession(viewer: Viewer): string {
    const id = randomBytes(16).toString('hex');
    return `${id}.${this.#seal(id, viewer).toString('hex')}`;
  }

  #sealed(session: string, viewer: Viewer): boolean {
    const [id = '', seal = ''] = session.split('.');
    const given = Buffer.from(seal, 'hex');
    const wanted = this.#seal(id, viewer);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #seal(id: string, { did }: Viewer): Buffer {
    return createHmac('sha256', this.#options.secret).update(`mcp-session\n${id}\n${did}`).digest();
  }
}

/** Types are told apart: 1 and "1" are two requests. */
const callKey = (session: string, id: string | number) => `${session} ${JSON.stringify(id).slice(0, 200)}`;

/** Tells progress as a number that grows, when the caller wants to hear of it. */
function progressOf(
  token: ProgressToken | undefined,
  send: (progress: number, message: string) => void,
): (text: string) => void {
  let progress = 0;
  return (text) => {
    if (token === undefined) return;
    progress += 1;
    send(progress, text.slice(0, maxMessage));
  };
}
