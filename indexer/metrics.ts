// The indexer's counters as Prometheus metrics, read from the runners' statuses whenever they are scraped.
import { Counter, Gauge, type Registry } from 'prom-client';
import { type PipelineCounters, type PipelineStatus, STAGES } from './pipeline/progress.ts';

const LABELS = ['deployment', 'chain'] as const;

const COUNTERS: Readonly<Record<Exclude<keyof PipelineCounters, 'stageMs'>, string>> = {
  blocks: 'Blocks indexed',
  events: 'Triggers handled',
  versions: 'Entity versions written',
  commits: 'Transactions committed',
  reorgs: 'Reorganisations followed',
  revertedBlocks: 'Blocks taken back by reorganisations',
  retries: 'Interruptions that were tried again',
};

/** Registers the indexer's metrics; `read` gives the statuses at the time of a scrape. */
export function registerIndexerMetrics(
  registry: Registry,
  read: () => Promise<readonly PipelineStatus[]>,
): void {
  let refreshing: Promise<void> | undefined;
  // Every metric of one scrape asks for fresh values; one reading serves them all.
  const collect = async () => {
    refreshing ??= read()
      .then(apply)
      .finally(() => {
        refreshing = undefined;
      });
    await refreshing;
  };
  const registers = [registry];
  const counters = Object.entries(COUNTERS).map(([key, help]) => {
    const name = `aios_indexer_${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`;
    const text = `${help} since the process started.`;
    const metric = new Counter({ name, help: text, labelNames: [...LABELS], registers, collect });
    return { metric, key: key as keyof typeof COUNTERS };
  });
  const stages = new Counter({
    name: 'aios_indexer_stage_seconds_total',
    help: 'Time each stage of the pipeline was busy since the process started; stages overlap.',
    labelNames: [...LABELS, 'stage'],
    registers,
    collect,
  });
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `aios_indexer_${name}`, help, labelNames: [...LABELS], registers, collect });
  const head = gauge('head_block', 'Last block whose entities are committed.');
  const lag = gauge('lag_blocks', "Blocks between the chain's head and the deployment's.");
  const failed = gauge('failed', '1 while a deployment stands still because of its own code.');

  function apply(statuses: readonly PipelineStatus[]): void {
    for (const metric of [stages, head, lag, failed, ...counters.map((counter) => counter.metric)])
      metric.reset();
    for (const status of statuses) {
      const labels = { deployment: status.deployment, chain: status.chain };
      for (const { metric, key } of counters) metric.inc(labels, status.counters[key]);
      for (const stage of STAGES) stages.inc({ ...labels, stage }, status.counters.stageMs[stage] / 1_000);
      if (status.head) head.set(labels, status.head.number);
      if (status.lag !== null) lag.set(labels, status.lag);
      failed.set(labels, status.state === 'failed' ? 1 : 0);
    }
  }
}
