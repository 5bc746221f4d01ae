// Reaches a subgraph over HTTP: a POST for queries and mutations, an event stream for subscriptions.
import { type DocumentNode, type ExecutionResult, getOperationAST, print } from 'graphql';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { OperationContext, SubgraphExecutor, SubgraphRequest } from '#node/platform/operation.ts';
import { parseEventStream } from './event-stream.ts';
import {
  FORWARDED_CONTEXT_HEADER,
  type ForwardedReads,
  mergeReads,
  signForwardedContext,
} from './forwarded-context.ts';

export interface HttpExecutorOptions {
  readonly name: string;
  readonly url: string;
  /** Absent: the subgraph is a stranger and learns nothing about the viewer. */
  readonly forwardingSecret?: string;
}

interface PreparedDocument {
  readonly text: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
}

type RemoteResult = ExecutionResult & { extensions?: { aios?: { reads?: ForwardedReads } } };

/** Takes our own extension off an answer and notes what the remote executor has read. */
function accept(result: RemoteResult, context: OperationContext): ExecutionResult {
  const aios = result.extensions?.aios;
  if (!aios) return result;
  if (aios.reads) mergeReads(context.reads, aios.reads);
  const { aios: _, ...others } = result.extensions ?? {};
  return Object.keys(others).length > 0
    ? { ...result, extensions: others }
    : {
        ...(result.data !== undefined && { data: result.data }),
        ...(result.errors && { errors: result.errors }),
      };
}

/** @see SubgraphExecutor. Unreachable or misbehaving subgraphs give `SUBGRAPH_UNREACHABLE`. */
export function createHttpExecutor(options: HttpExecutorOptions): SubgraphExecutor {
  const { name, url, forwardingSecret } = options;
  const prepared = new WeakMap<DocumentNode, PreparedDocument>();

  const prepare = (document: DocumentNode, operationName: string | undefined): PreparedDocument => {
    let known = prepared.get(document);
    if (!known) {
      known = { text: print(document), kind: getOperationAST(document, operationName)?.operation ?? 'query' };
      prepared.set(document, known);
    }
    return known;
  };

  const unreachable = (why: string, cause?: unknown) =>
    new AiosError(
      'SUBGRAPH_UNREACHABLE',
      `the subgraph "${name}" did not answer (${why}); try again in a moment`,
      {
        cause,
      },
    );

  async function* events(response: Response, context: OperationContext): AsyncGenerator<ExecutionResult> {
    if (!response.body) throw unreachable('an empty event stream');
    for await (const { event, data } of parseEventStream(
      response.body as unknown as AsyncIterable<Uint8Array>,
    )) {
      if (event === 'complete') return;
      if (event === 'next') yield accept(JSON.parse(data) as RemoteResult, context);
    }
    throw unreachable('the event stream broke off');
  }

  return {
    async execute(request: SubgraphRequest) {
      const { context } = request;
      const { text, kind } = prepare(request.document, request.operationName);
      const body = JSON.stringify({
        query: text,
        ...(request.variables && { variables: request.variables }),
        ...(request.operationName && { operationName: request.operationName }),
      });
      // Its own controller: ending a subscription closes the connection, whatever becomes of the operation's signal.
      const controller = new AbortController();
      const abort = () => controller.abort(context.signal.reason);
      if (context.signal.aborted) abort();
      else context.signal.addEventListener('abort', abort, { once: true });
      const release = () => context.signal.removeEventListener('abort', abort);

      let streaming = false;
      try {
        const headers: Record<string, string> = {
          'content-type': 'application/json',
          accept:
            kind === 'subscription'
              ? 'text/event-stream'
              : 'application/graphql-response+json;q=0.9, application/json',
        };
        if (forwardingSecret !== undefined)
          headers[FORWARDED_CONTEXT_HEADER] = await signForwardedContext(context, body, forwardingSecret);
        const response = await fetch(url, { method: 'POST', headers, body, signal: controller.signal });
        if (response.headers.get('content-type')?.includes('text/event-stream')) {
          streaming = true;
          const stream = events(response, context);
          return closing(stream, () => {
            release();
            controller.abort();
          });
        }
        const answer = await response.text();
        let result: RemoteResult | null;
        try {
          result = JSON.parse(answer) as RemoteResult | null;
        } catch {
          throw unreachable(`HTTP ${response.status}, not JSON: ${answer.slice(0, 120)}`);
        }
        if (!result || (result.data === undefined && !result.errors))
          throw unreachable(`HTTP ${response.status} without data or errors`);
        return accept(result, context);
      } catch (error) {
        if (error instanceof AiosError || context.signal.aborted) throw error;
        const cause = error instanceof Error ? error.cause : undefined;
        throw unreachable(messageOf(cause ?? error), error);
      } finally {
        if (!streaming) release();
      }
    },
  };
}

/** The stream, with something to do when its consumer leaves or it ends. `return` does not wait for a pending event. */
function closing<T>(stream: AsyncGenerator<T>, close: () => void): AsyncIterableIterator<T> {
  let closed = false;
  const shut = () => {
    if (!closed) close();
    closed = true;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const step = await stream.next();
        if (step.done) shut();
        return step;
      } catch (error) {
        if (closed) return { done: true, value: undefined };
        shut();
        throw error;
      }
    },
    async return() {
      shut();
      return { done: true, value: undefined };
    },
  };
}
