// What /health says: every service for itself, and the worst of them for the whole.
import type { ServiceGroup, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';

export interface HealthReport {
  readonly status: ServiceHealth['status'];
  readonly version: string;
  readonly roles: readonly string[];
  /** Seconds since this process started. */
  readonly uptime: number;
  readonly services: Readonly<Record<string, ServiceHealth>>;
}

const order: readonly ServiceHealth['status'][] = ['ok', 'degraded', 'failed'];

export async function healthReport(
  group: ServiceGroup,
  facts: { version: string; roles: readonly string[] },
): Promise<HealthReport> {
  const services = await group.health();
  const worst = Object.values(services).reduce(
    (level, { status }) => Math.max(level, order.indexOf(status)),
    0,
  );
  return { status: order[worst] ?? 'failed', ...facts, uptime: Math.round(process.uptime()), services };
}
