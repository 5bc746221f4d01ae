// The indexer's public door for processes that run it. Queries have their own (`query/`), and so has the store (`store/index.ts`).
export { IndexerService, type IndexerServiceOptions } from './indexer-service.ts';
export { registerIndexerMetrics } from './metrics.ts';
export { type DeployRequest, type DeployResult, deploySubgraph } from './pipeline/deploy.ts';
export type { IndexerSettings } from './pipeline/messages.ts';
export type { PipelineCounters, PipelineStatus, RunnerState } from './pipeline/progress.ts';
export type { ChainSettings, SourceSpec } from './sources/open-source.ts';
