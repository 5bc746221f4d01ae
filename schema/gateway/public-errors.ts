// Decides what a client may read of an error: its own mistakes in full, our bugs only as a number to quote.
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';

/** HTTP status and headers that go with an error code; everything else is 200 with `data`, or 400 without. */
const HTTP: Readonly<Record<string, { status: number; headers?: Record<string, string> }>> = {
  UNAUTHENTICATED: { status: 401, headers: { 'www-authenticate': 'Bearer' } },
  BODY_TOO_LARGE: { status: 413 },
  RATE_LIMITED: { status: 429 },
};

/** Follows `originalError` to what was thrown first. */
function rootOf(error: unknown): unknown {
  let current = error;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return current;
}

/** Errors of remote subgraphs and of graphql's other copies: plain objects with a message and no stack of ours. */
function isForeignGraphQLError(error: unknown): error is GraphQLFormattedError {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'message' in error;
}

/** An `AiosError` as a GraphQL error: code and details become extensions. */
export function toGraphQLError(error: AiosError, at: Partial<GraphQLError> = {}): GraphQLError {
  // Of a field, beside the data of others, an error says nothing about the request as a whole.
  const http = at.path ? undefined : HTTP[error.code];
  const retryAfter = error.details.retryAfterSeconds;
  return new GraphQLError(error.message, {
    path: at.path,
    nodes: at.nodes,
    extensions: {
      ...error.details,
      code: error.code,
      ...(http && {
        http: {
          ...http,
          headers: {
            ...http.headers,
            ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
          },
        },
      }),
    },
  });
}

/** The error as the client sees it. What it must not see is logged under the request id that it is given. */
export function publicError(error: unknown, requestId: string, logger: Logger): GraphQLError {
  const root = rootOf(error);
  const located = error instanceof GraphQLError ? error : undefined;
  if (root instanceof AiosError) return toGraphQLError(root, located);
  if (root instanceof GraphQLError) return located ?? root;
  if (isForeignGraphQLError(root)) {
    return new GraphQLError(String(root.message), {
      path: located?.path ?? root.path,
      extensions: root.extensions,
    });
  }
  logger.error({ err: root, requestId, path: located?.path }, 'an operation failed unexpectedly');
  return new GraphQLError(`Internal error. Quote request id ${requestId} when you report it.`, {
    path: located?.path,
    nodes: located?.nodes,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, unexpected: true },
  });
}
