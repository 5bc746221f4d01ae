// Whether a deployment runs, and whether its probe says that it works.
import { Time } from '../ui/values.tsx';

const statuses: Readonly<Record<string, readonly [word: string, dot: string]>> = {
  ACTIVE: ['Active', 'dot dot-ok'],
  PAUSED: ['Paused', 'dot dot-warn'],
  STOPPED: ['Stopped', 'dot'],
};

export function DeploymentStatusMark({ status }: { readonly status: string }) {
  const [word, dot] = statuses[status] ?? [status, 'dot'];
  return (
    <span className="status-mark">
      <span className={dot} />
      {word}
    </span>
  );
}

const healths: Readonly<Record<string, readonly [word: string, dot: string]>> = {
  UNKNOWN: ['not probed yet', 'dot'],
  HEALTHY: ['healthy', 'dot dot-ok'],
  UNHEALTHY: ['unhealthy', 'dot dot-bad'],
};

/** What the last probe came to; its error on hover. */
export function HealthMark({
  health,
}: {
  readonly health: {
    readonly status: string;
    readonly checkedAt: string | null;
    readonly error: { readonly code: string; readonly message: string } | null;
  };
}) {
  const [word, dot] = healths[health.status] ?? [health.status, 'dot'];
  return (
    <span
      className="status-mark"
      title={health.error ? `${health.error.code}: ${health.error.message}` : undefined}
    >
      <span className={dot} />
      {word}
      {health.checkedAt && (
        <span className="muted">
          &nbsp;· probed <Time at={health.checkedAt} />
        </span>
      )}
    </span>
  );
}
