// graph-node's status API over HTTP, at the paths where its tools look for it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { graphql } from 'graphql';
import { AiosError } from '#node/platform/errors.ts';
import { ClientError, CORS, readGraphQLBody, refuse, sendJson } from '../query/http.ts';
import { StatusApi, type StatusApiOptions } from './status-api.ts';
import { statusSchema } from './status-schema.ts';

export interface StatusEndpointOptions extends StatusApiOptions {
  /** Paths to answer at: `/index-node/graphql` beside other endpoints, `/graphql` on a port of its own. */
  readonly paths: readonly string[];
  readonly maxBodyBytes?: number;
  /** Told of errors that are nobody's query's fault. */
  onError?(error: unknown): void;
}

const DEFAULT_MAX_BODY = 1_000_000;

/** The request handler: false when the path is another's. */
export function createStatusEndpoint(
  options: StatusEndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const rootValue = new StatusApi(options);
  const paths = new Set(options.paths);
  return async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (!paths.has(path.length > 1 ? path.replace(/\/$/, '') : path)) return false;
    if (request.method === 'OPTIONS') {
      response.writeHead(200, { ...CORS }).end();
      return true;
    }
    if (request.method !== 'POST') {
      sendJson(response, 200, {
        message: 'POST GraphQL queries here: {"query": "{ indexingStatuses { subgraph synced } }"}',
      });
      return true;
    }
    try {
      const body = await readGraphQLBody(request, options.maxBodyBytes ?? DEFAULT_MAX_BODY);
      const { data, errors } = await graphql({
        schema: statusSchema,
        source: body.query,
        rootValue,
        variableValues: body.variables,
        operationName: body.operationName,
      });
      sendJson(response, 200, {
        ...(data && { data }),
        ...(errors && {
          errors: errors.map((error) => ({ message: told(error.originalError, error.message, options) })),
        }),
      });
    } catch (error) {
      if (error instanceof ClientError) refuse(request, response, error);
      else {
        options.onError?.(error);
        sendJson(response, 500, { error: 'Internal server error: see the log' });
      }
    }
    return true;
  };
}

/** What a client may know of an error: everything of a wrong query, nothing of a broken database. */
function told(original: unknown, message: string, options: StatusEndpointOptions): string {
  if (original === undefined || original instanceof AiosError) return message;
  options.onError?.(original);
  return 'Internal server error: see the log';
}
