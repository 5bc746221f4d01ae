// Runs deployments of the test subgraph against a live chain, and waits for what they are to reach.
import type { Deployment, DeploymentStore } from '#indexer/store/index.ts';
import { silentLogger } from '#node/platform/log.ts';
import type { Source } from '../../sources/source.ts';
import { DeploymentRunner, type DeploymentRunnerOptions } from '../deployment-runner.ts';
import type { PipelineStatus } from '../progress.ts';
import { TOKEN_SDL, TokenMapper, type TokenSubgraphOptions, tokenSubgraph } from './token-subgraph.ts';

let made = 0;

export interface Running {
  readonly deployment: Deployment;
  readonly runner: DeploymentRunner;
  /** The first status that meets the condition. */
  until(condition: (status: PipelineStatus) => boolean): Promise<PipelineStatus>;
  /** Until the deployment stands on the very head of its source. */
  atHead(): Promise<void>;
}

export interface RunOptions extends TokenSubgraphOptions {
  readonly store: DeploymentStore;
  readonly source: Source;
  readonly poison?: bigint;
  readonly nonFatal?: boolean;
  /** Handlers log a line for every transfer, and with `only` do nothing else. */
  readonly logging?: 'also' | 'only';
  readonly deployment?: Deployment;
  readonly runner?: Partial<DeploymentRunnerOptions>;
}

export async function run(options: RunOptions): Promise<Running> {
  const { store, source, poison, nonFatal, logging } = options;
  const deployment =
    options.deployment ??
    (await store.create({
      id: `QmPipeline${++made}`,
      chain: source.name,
      manifest: '',
      schema: TOKEN_SDL,
      feed: false,
      deferIndexes: true,
    }));
  const watchers = new Set<(status: PipelineStatus) => void>();
  const runner = new DeploymentRunner({
    deployment,
    subgraph: tokenSubgraph(options),
    chain: source.name,
    openSource: async () => source,
    createMapper: async () => new TokenMapper(deployment, { poison, nonFatal, logging }),
    owner: `test-${made}`,
    log: silentLogger,
    backOffMs: 10,
    maxBackOffMs: 50,
    ...options.runner,
    onStatus: (status) => {
      for (const watcher of watchers) watcher(status);
    },
  });
  const until = (condition: (status: PipelineStatus) => boolean) =>
    new Promise<PipelineStatus>((resolve) => {
      const watcher = (status: PipelineStatus) => {
        if (!condition(status)) return;
        watchers.delete(watcher);
        resolve(status);
      };
      watchers.add(watcher);
      watcher(runner.status);
    });
  runner.start();
  return {
    deployment,
    runner,
    until,
    atHead: async () => {
      for (;;) {
        const { hash } = await source.head();
        await until((status) => status.head?.hash === hash);
        if ((await source.head()).hash === hash && (await deployment.record()).head?.hash === hash) return;
      }
    },
  };
}
