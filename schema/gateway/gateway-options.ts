// What a gateway is made of: its supergraph, how its subgraphs are reached, who is asking, and how much they may ask.
import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from '#node/platform/log.ts';
import type { HeadLoader, SubgraphExecutor, Viewer } from '#node/platform/operation.ts';
import type { CommitFeed } from './live/commit-feed.ts';
import type { PersistedDocuments } from './persisted-documents.ts';

/** What a client sent to say who it is. */
export interface Credentials {
  /** `authorization` of the HTTP request, or of the WebSocket's `connection_init` payload, which wins. */
  readonly authorization: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The payload of `connection_init`; undefined over HTTP. */
  readonly connectionParams: Readonly<Record<string, unknown>> | undefined;
  readonly ip: string;
}

/**
 * Turns credentials into a viewer: null when there are none. Called for every operation (and before a large body is read), so that an expired or
 * revoked token stops working on open sockets too. Throws `AiosError` (code `UNAUTHENTICATED`) for a bad token.
 */
export type Authenticate = (credentials: Credentials) => Viewer | null | Promise<Viewer | null>;

/** Limits of one operation. Every refusal names the limit by its key here. */
export interface GatewayLimits {
  /** Bytes of a request body or of a WebSocket message. */
  readonly maxBodyBytes: number;
  /** Bytes of a request body of somebody who has signed in and announces its length: packages of agents come in one. */
  readonly maxSignedInBodyBytes: number;
  /** Lexical tokens of a document; counted while parsing, so that a huge document is never held as a tree. */
  readonly maxTokens: number;
  /** Levels of fields, fragments followed. Introspection is exempt. */
  readonly maxDepth: number;
  /** Aliases, fragments counted as often as they are spread. */
  readonly maxAliases: number;
  /** Directives, fragments counted as often as they are spread. */
  readonly maxDirectives: number;
  /** Fields at the root of the operation. */
  readonly maxRootFields: number;
  /** Largest `first`, `last` or `limit` of a list. */
  readonly maxListSize: number;
  /** Objects the operation may return at most, list sizes multiplied down the tree. */
  readonly maxCost: number;
  /** Milliseconds until an operation (for subscriptions: its start) is aborted. */
  readonly operationTimeoutMs: number;
  /** Operations in flight on one WebSocket. */
  readonly maxOperationsPerSocket: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  maxBodyBytes: 256 * 1024,
  maxSignedInBodyBytes: 12 * 1024 * 1024,
  maxTokens: 5_000,
  maxDepth: 16,
  maxAliases: 100,
  maxDirectives: 100,
  maxRootFields: 50,
  maxListSize: 1_000,
  maxCost: 250_000,
  operationTimeoutMs: 30_000,
  maxOperationsPerSocket: 100,
};

/** Token bucket of one client (its DID, or its address when anonymous). One token is one operation of cost ≤ 1,000. */
export interface RateLimit {
  /** Operations a client may send at once after a pause. */
  readonly burst: number;
  /** Operations a second in the long run. */
  readonly perSecond: number;
}

/** What the gateway tells about each finished operation, for metrics. */
export interface OperationReport {
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly operationName: string | undefined;
  readonly milliseconds: number;
  readonly errors: number;
  readonly requestId: string;
}

export interface LiveOptions {
  /** Names of the subgraphs whose subscription fields are live queries (the indexed ones). */
  readonly subgraphs: readonly string[];
  readonly feed: CommitFeed;
  /** Heads as the feed has told them, which must include the commit that it tells of; absent: those of operations. */
  readonly headLoader?: HeadLoader;
}

export interface GatewayOptions {
  /** The composed supergraph (`composeSupergraph`, or any Federation v2 supergraph). */
  readonly supergraphSdl: string;
  /** Executors of the subgraphs that run in this process, by name. All others are reached at their URL. */
  readonly subgraphs?: Readonly<Record<string, SubgraphExecutor>>;
  /** Heads of the deployments, for the read point. Absent: nothing is indexed. */
  readonly headLoader?: HeadLoader;
  readonly live?: LiveOptions;
  /** Absent: everybody is anonymous. */
  readonly authenticate?: Authenticate;
  readonly limits?: Partial<GatewayLimits>;
  /** Absent or null: no rate limit. */
  readonly rateLimit?: RateLimit | null;
  readonly persistedDocuments?: PersistedDocuments;
  /** Who may introspect the schema; everybody by default. */
  readonly introspection?: 'public' | 'authenticated' | 'off';
  /**
   * Secret shared with remote subgraphs. With it, the viewer and the read point travel in a signed header; without it,
   * remote subgraphs are told nothing about the viewer.
   */
  readonly forwardingSecret?: string;
  /** Trust `x-forwarded-for` for the client's address (only behind a proxy that sets it). */
  readonly trustProxy?: boolean;
  /** Origins that browsers may call from; any by default (tokens travel in a header, never in cookies). */
  readonly corsOrigins?: '*' | readonly string[];
  /** Milliseconds that streams of a replaced supergraph may go on before they are ended; an hour by default. */
  readonly drainTimeoutMs?: number;
  /** Path of the endpoint; `/graphql` by default. */
  readonly path?: string;
  readonly logger: Logger;
  readonly onOperation?: (report: OperationReport) => void;
}
