// The other end of a split: serves in-process subgraphs to a gateway elsewhere, at /NAME, for signed requests only.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type DocumentNode, type ExecutionResult, parse } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { formatEvent } from './event-stream.ts';
import { FORWARDED_CONTEXT_HEADER, serializeReads, verifyForwardedContext } from './forwarded-context.ts';
import { publicError } from './public-errors.ts';
import { readBody } from './read-body.ts';

export interface SubgraphServerOptions {
  readonly subgraphs: readonly Subgraph[];
  readonly forwardingSecret: string;
  readonly logger: Logger;
  /** Largest request; representations of a long list are larger than what clients may send. 16 MB by default. */
  readonly maxBodyBytes?: number;
}

/** Parsed documents kept: a gateway sends the same few hundred plan steps over and over. */
const MAX_DOCUMENTS = 2_000;

/** Milliseconds between comments that keep an event stream open through proxies. */
const KEEP_ALIVE_MS = 12_000;

/**
 * A listener for `http.createServer({ maxHeaderSize: FORWARDED_MAX_HEADER_BYTES }, listener)`. Answers
 * `POST /NAME` with JSON, and with an event stream when the operation is a subscription.
 */
export function createSubgraphListener(options: SubgraphServerOptions): RequestListener {
  const { forwardingSecret, logger, maxBodyBytes = 16 * 1024 * 1024 } = options;
  const byPath = new Map(options.subgraphs.map((subgraph) => [`/${subgraph.name}`, subgraph]));
  const documents = new Map<string, DocumentNode>();

  const documentOf = (text: string): DocumentNode => {
    let document = documents.get(text);
    if (!document) {
      document = parse(text, { noLocation: true });
      if (documents.size >= MAX_DOCUMENTS) documents.clear();
      documents.set(text, document);
    }
    return document;
  };

  const respond = (response: ServerResponse, status: number, result: object) => {
    const text = JSON.stringify(result);
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  };

  const finish = (result: ExecutionResult, context: OperationContext): object => {
    const reads = serializeReads(context.reads);
    return {
      ...(result.errors && {
        errors: result.errors.map((error) => {
          const { message, extensions } = publicError(error, context.requestId, logger);
          const { http: _http, unexpected: _unexpected, ...shown } = extensions;
          return { message, path: error.path, extensions: shown };
        }),
      }),
      data: result.data ?? null,
      ...(reads && { extensions: { aios: { reads } } }),
    };
  };

  const stream = async (
    response: ServerResponse,
    results: AsyncIterable<ExecutionResult>,
    context: OperationContext,
  ) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(':\n\n');
    const ping = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS);
    const iterator = results[Symbol.asyncIterator]();
    response.once('close', () => void iterator.return?.());
    try {
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
        const sent = response.write(formatEvent('next', JSON.stringify(finish(step.value, context))));
        if (!sent && !response.destroyed)
          await new Promise<void>((resolve) => {
            response.once('drain', resolve);
            response.once('close', resolve);
          });
        if (response.destroyed) return;
      }
      response.end(formatEvent('complete', ''));
    } finally {
      clearInterval(ping);
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const subgraph = byPath.get(request.url ?? '');
    if (!subgraph || request.method !== 'POST') {
      const message = `POST /NAME, where NAME is one of ${[...byPath.keys()].join(', ')}`;
      respond(response, 404, { errors: [{ message, extensions: { code: 'NOT_FOUND' } }] });
      return;
    }
    const body = await readBody(request, maxBodyBytes);
    const controller = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) controller.abort();
    });
    const header = request.headers[FORWARDED_CONTEXT_HEADER];
    const context = verifyForwardedContext(
      Array.isArray(header) ? header[0] : header,
      body,
      forwardingSecret,
      controller.signal,
    );
    const { query, variables, operationName } = JSON.parse(body.toString()) as {
      query: string;
      variables?: Record<string, unknown>;
      operationName?: string;
    };
    try {
      const result = await subgraph.executor.execute({
        document: documentOf(query),
        variables,
        operationName,
        context,
      });
      if (Symbol.asyncIterator in result) await stream(response, result, context);
      else respond(response, 200, finish(result, context));
    } catch (error) {
      const shown = publicError(error, context.requestId, logger);
      respond(response, 200, {
        data: null,
        errors: [{ message: shown.message, extensions: { code: shown.extensions.code } }],
      });
    }
  };

  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const code = error instanceof AiosError ? error.code : 'BAD_REQUEST';
      const message = error instanceof AiosError ? error.message : 'the body is not a GraphQL request';
      respond(response, code === 'FORWARDED_CONTEXT_INVALID' ? 401 : 400, {
        errors: [{ message, extensions: { code } }],
      });
    });
  };
}
