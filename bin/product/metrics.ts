// Prometheus metrics of one process: its own, the endpoint's, and whatever its roles register.
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { OperationReport } from '#schema/gateway/gateway-options.ts';
import type { Route } from './http-server.ts';

export class Metrics {
  readonly registry = new Registry();
  readonly #operations: Histogram<'operation'>;
  readonly #errors: Counter<'operation'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
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
  }

  readonly onOperation = (report: OperationReport): void => {
    this.#operations.observe({ operation: report.operation }, report.milliseconds / 1000);
    if (report.errors > 0) this.#errors.inc({ operation: report.operation });
  };

  readonly route: Route = async (request, response) => {
    if ((request.url ?? '').split('?', 1)[0] !== '/metrics') return false;
    const text = await this.registry.metrics();
    response.writeHead(200, {
      'content-type': this.registry.contentType,
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
    return true;
  };
}
