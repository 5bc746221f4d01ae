// The room's door: the query API of deployments, as subgraph executors and as graph-node's HTTP endpoints.
export { graphNodeFace } from './api-schema.ts';
export { QueryError, type QueryErrorCode } from './errors.ts';
export { createQueryExecutor, defaultQueryLimits, type QueryExecutorOptions } from './executor.ts';
export { aliasNames, aliasPrefix, type Face, type FaceNames, houseNames } from './face.ts';
export { createSubgraphEndpoint, type SubgraphEndpoint, type SubgraphEndpointOptions } from './http.ts';
export type { Commit, CommitFeed } from './subscribe.ts';
export { supergraphFace } from './supergraph-schema.ts';
