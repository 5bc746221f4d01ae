// Prometheus metrics of one process: its own, the endpoint's, and the indexer's stages.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { OperationReport } from '#schema/gateway/gateway-options.ts';
import type { Route } from './http-server.ts';

/** One deployment's progress as the metrics want it. */
export interface DeploymentGauge {
  readonly name: string;
  readonly chain: string;
  readonly head: number;
  readonly chainHead: number;
  readonly failed: boolean;
  /** Seconds spent in each stage since the start. */
  readonly stageSeconds: Readonly<Record<string, number>>;
  readonly blocks: number;
  readonly events: number;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #operations: Histogram<'operation'>;
  readonly #errors: Counter<'operation'>;

  constructor(options: { readonly deployments?: () => Promise<readonly DeploymentGauge[]> } = {}) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#operations = new Histogram({
      name: 'aios_operation_seconds',
      help: 'Time to answer GraphQL operations',
      labelNames: ['operation'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    this.#errors = new Counter({
      name: 'aios_operation_errors_total',
      help: 'GraphQL operations answered with errors',
      labelNames: ['operation'],
      registers,
    });
    const { deployments } = options;
    if (!deployments) return;
    const labelNames = ['deployment', 'chain'];
    const gauge = (name: string, help: string, value: (deployment: DeploymentGauge) => number) =>
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        async collect() {
          this.reset();
          for (const deployment of await deployments())
            this.set({ deployment: deployment.name, chain: deployment.chain }, value(deployment));
        },
      });
    gauge('aios_deployment_head', 'Last indexed block', (deployment) => deployment.head);
    gauge('aios_deployment_lag_blocks', 'Blocks behind the chain', (deployment) =>
      Math.max(0, deployment.chainHead - deployment.head),
    );
    gauge('aios_deployment_failed', '1 when the deployment stands still', (deployment) =>
      deployment.failed ? 1 : 0,
    );
    gauge(
      'aios_deployment_blocks',
      'Blocks indexed since this process started',
      (deployment) => deployment.blocks,
    );
    gauge(
      'aios_deployment_events',
      'Events handled since this process started',
      (deployment) => deployment.events,
    );
    new Gauge({
      name: 'aios_deployment_stage_seconds',
      help: 'Seconds spent in each stage of the pipeline since this process started',
      labelNames: [...labelNames, 'stage'],
      registers,
      async collect() {
        this.reset();
        for (const deployment of await deployments()) {
          for (const [stage, seconds] of Object.entries(deployment.stageSeconds))
            this.set({ deployment: deployment.name, chain: deployment.chain, stage }, seconds);
        }
      },
    });
  }

  readonly onOperation = (report: OperationReport): void => {
    this.#operations.observe({ operation: report.operation }, report.milliseconds / 1000);
    if (report.errors > 0) this.#errors.inc({ operation: report.operation });
  };

  readonly route: Route = async (request, response) => {
    if ((request.url ?? '').split('?', 1)[0] !== '/metrics') return false;
    const text = await this.#registry.metrics();
    response.writeHead(200, {
      'content-type': this.#registry.contentType,
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
    return true;
  };
}
