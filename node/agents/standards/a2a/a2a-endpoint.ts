// Agents for other agents: cards that anybody may read, and a JSON-RPC endpoint for each deployment (A2A 1.0 and 0.3), streams as
// server-sent events.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { A2A_VERSION_HEADER, AGENT_CARD_PATH, formatSSEEvent, SSE_HEADERS } from '@a2a-js/sdk';
import { LegacyJsonRpcTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import {
  type A2ARequestHandler,
  JsonRpcTransportHandler,
  ServerCallContext,
  validateVersion,
} from '@a2a-js/sdk/server';
import { AiosError } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { SubgraphExecutor, Viewer } from '#node/platform/operation.ts';
import { HttpDoor, type HttpDoorOptions, pathOf, peerOf, sendBody, sendError } from '../http-door.ts';
import { type OpenCallLimits, OpenCalls } from '../open-calls.ts';
import { type Caller, SupergraphAgents } from '../supergraph-agents.ts';
import { cardJson, cardOf, cardPath, platformCard } from './a2a-card.ts';
import { AgentDirectory, entryOf } from './agent-directory.ts';
import { AgentTasks, callerKey } from './agent-tasks.ts';

export interface A2aEndpointOptions extends HttpDoorOptions {
  readonly executor: SubgraphExecutor;
  readonly version: string;
  readonly logger: Logger;
  readonly calls?: OpenCallLimits;
  /** Milliseconds that a message waits for its task. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 600_000;
const keepAliveMs = 15_000;
const directoryPage = 50;
const methods = 'GET, POST, OPTIONS';
/** Methods that change nothing: a token for reading will do. */
const readingMethods = new Set(['tasks/get', 'tasks/resubscribe', 'GetTask', 'ListTasks', 'SubscribeToTask']);

export class A2aEndpoint {
  readonly #options: A2aEndpointOptions;
  readonly #publicUrl: string;
  readonly #door: HttpDoor;
  readonly #agents: SupergraphAgents;
  readonly #calls: OpenCalls;
  readonly #closing = new AbortController();

  constructor(options: A2aEndpointOptions) {
    this.#options = options;
    this.#publicUrl = options.publicUrl.replace(/\/$/, '');
    this.#door = new HttpDoor(options);
    this.#agents = new SupergraphAgents(options.executor);
    this.#calls = new OpenCalls(options.calls);
  }

  /** Ends what waits; runs go on. */
  close(): void {
    this.#closing.abort();
  }

  /** Answers /a2a, /a2a/ID, their cards, and the platform's card at the well-known place. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request);
    const match = /^\/a2a(?:\/(\d{1,18}))?(\/\.well-known\/agent-card\.json)?$/.exec(path);
    const platform = path === `/${AGENT_CARD_PATH}`;
    if (!match && !platform) return false;
    if (!this.#door.admits(request, response, methods)) return true;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const anybody: Caller = {
      viewer: null,
      ip: peerOf(request),
      signal: AbortSignal.any([gone.signal, this.#closing.signal]),
    };
    try {
      const handler = await this.#handlerOf(match?.[1], anybody);
      if (!handler) {
        sendError(
          response,
          404,
          'AGENT_UNKNOWN',
          `There is no active agent at ${path}. Look at ${this.#publicUrl}/a2a for those that are.`,
        );
      } else if (request.method === 'GET' || request.method === 'HEAD') {
        const wantsCard = platform || match?.[2] !== undefined;
        if (wantsCard) await this.#card(request, response, handler);
        else if (match?.[1] === undefined) await this.#directory(request, response, anybody);
        else response.writeHead(302, { location: cardPath(path) }).end();
      } else if (request.method === 'POST' && match && match[2] === undefined) {
        await this.#post(request, response, handler, anybody);
      } else {
        response.setHeader('allow', methods);
        sendError(response, 405, 'METHOD_NOT_ALLOWED', 'Read cards by GET, send messages by POST.');
      }
    } catch (error) {
      if (!(error instanceof AiosError)) throw error;
      sendError(response, error.code === 'RATE_LIMITED' ? 429 : 503, error.code, error.message);
    }
    return true;
  }

  async #handlerOf(deploymentId: string | undefined, anybody: Caller): Promise<A2ARequestHandler | null> {
    const agents = this.#agents;
    const publicUrl = this.#publicUrl;
    if (deploymentId === undefined) {
      const card = platformCard(publicUrl, this.#options.version);
      return new AgentDirectory({ agents, card, publicUrl });
    }
    const agent = await agents.agent(anybody, deploymentId);
    if (!agent?.active) return null;
    const timeoutMs = this.#options.timeoutMs ?? defaultTimeoutMs;
    return new AgentTasks({ agents, agent, card: cardOf(agent, publicUrl), timeoutMs });
  }

  async #card(request: IncomingMessage, response: ServerResponse, handler: A2ARequestHandler): Promise<void> {
    const wanted = request.headers[A2A_VERSION_HEADER.toLowerCase()];
    response.appendHeader('vary', A2A_VERSION_HEADER);
    const core = await handler.getAgentCard();
    sendBody(response, 200, await cardJson(wanted === undefined ? undefined : String(wanted), core, handler));
  }

  /** All active agents: what is deployed is public. */
  async #directory(request: IncomingMessage, response: ServerResponse, anybody: Caller): Promise<void> {
    const after = new URL(request.url ?? '/', 'http://localhost').searchParams.get('after') ?? undefined;
    const { agents, next } = await this.#agents.list(anybody, {
      first: directoryPage,
      after,
      runnable: false,
    });
    sendBody(response, 200, {
      agents: agents.map((agent) => entryOf(agent, this.#publicUrl)),
      next: next === null ? null : `${this.#publicUrl}/a2a?after=${encodeURIComponent(next)}`,
    });
  }

  async #post(
    request: IncomingMessage,
    response: ServerResponse,
    handler: A2ARequestHandler,
    anybody: Caller,
  ): Promise<void> {
    const viewer = await this.#door.viewer(request, response);
    if (!viewer) return;
    const body = await this.#door.json(request, response);
    if (body === undefined) return;
    if (body === null || typeof body !== 'object' || Array.isArray(body))
      return sendError(
        response,
        400,
        'BAD_REQUEST',
        'Send one JSON-RPC request: an object, no batch.',
        -32600,
      );
    const method = String((body as { readonly method?: unknown }).method);
    if (!readingMethods.has(method) && !this.#door.mayAct(viewer, response)) return;
    const call = this.#opened(viewer, response);
    if (!call) return;
    try {
      await this.#answer(request, response, handler, { ...anybody, viewer }, body as Record<string, unknown>);
    } finally {
      call.close();
    }
  }

  #opened(viewer: Viewer, response: ServerResponse) {
    try {
      return this.#calls.open(viewer.did, '');
    } catch (error) {
      if (!(error instanceof AiosError)) throw error;
      sendError(response, 429, error.code, error.message);
      return undefined;
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    handler: A2ARequestHandler,
    caller: Caller,
    body: Record<string, unknown>,
  ): Promise<void> {
    const header = request.headers[A2A_VERSION_HEADER.toLowerCase()];
    const requestedVersion = header === undefined ? undefined : String(header);
    const context = new ServerCallContext({
      requestedVersion,
      user: { isAuthenticated: true, userName: caller.viewer?.did ?? '' },
      state: new Map([[callerKey, caller]]),
    });
    const legacy = context.requestedVersion.startsWith('0.');
    const transport = legacy
      ? new LegacyJsonRpcTransportHandler(handler)
      : new JsonRpcTransportHandler(handler);
    const errorOf = (error: unknown) => ({
      jsonrpc: '2.0',
      id: body.id ?? null,
      error: legacy
        ? LegacyJsonRpcTransportHandler.mapToLegacyJSONRPCError(error)
        : JsonRpcTransportHandler.mapToJSONRPCError(error),
    });
    try {
      validateVersion(context.requestedVersion, await handler.getAgentCard(), 'JSONRPC');
      const answer = await transport.handle(body, context);
      if (!(Symbol.asyncIterator in answer)) return sendBody(response, 200, answer);
      await this.#stream(response, answer, errorOf);
    } catch (error) {
      if (response.headersSent) response.end();
      else sendBody(response, 200, errorOf(error));
    }
  }

  /** The first event decides: what fails before it is an answer, not a stream. */
  async #stream(
    response: ServerResponse,
    events: AsyncGenerator<unknown, void, undefined>,
    errorOf: (error: unknown) => unknown,
  ): Promise<void> {
    const first = await events.next();
    response.writeHead(200, { ...SSE_HEADERS });
    const alive = setInterval(() => response.write(': \n\n'), keepAliveMs);
    try {
      for (let step = first; !step.done && !response.destroyed; step = await events.next()) {
        const sent = response.write(formatSSEEvent(step.value));
        if (!sent && !response.destroyed)
          await new Promise<void>((resolve) => {
            response.once('drain', resolve).once('close', resolve);
          });
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'a stream of an A2A client broke');
      if (!response.destroyed) response.write(formatSSEEvent(errorOf(error)));
    } finally {
      clearInterval(alive);
      await events.return();
      response.end();
    }
  }
}
