// `aios status`: what a running product says of itself. Exit code 0 when healthy, 1 when not or when nobody answers.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { green, red, table } from '../cli/screen.ts';

interface HealthAnswer {
  status: string;
  services: Record<string, { status: string; details?: Record<string, unknown> }>;
}

export async function status(options: { url?: string; json?: boolean }): Promise<void> {
  const url = new URL('/health', options.url ?? 'http://127.0.0.1:4000');
  let health: HealthAnswer;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    health = (await response.json()) as HealthAnswer;
  } catch (error) {
    throw new AiosError(
      'NOT_RUNNING',
      `Nothing answers at ${url.href} (${messageOf(error)}). Start the product with aios start, or name its address with --url.`,
    );
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify(health, null, 2)}\n`);
  } else {
    const rows = Object.entries(health.services).map(([name, service]) => [
      name,
      service.status,
      Object.entries(service.details ?? {})
        .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
        .join(', '),
    ]);
    process.stdout.write(
      `${health.status === 'ok' ? green('healthy') : red(health.status)}\n${table(['service', 'status', 'details'], rows)}\n`,
    );
  }
  if (health.status !== 'ok') process.exitCode = 1;
}
