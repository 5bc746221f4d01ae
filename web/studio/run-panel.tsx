// A run where it was started: how far it is, what it costs, its trace and what it came to, appearing live.
import { Link } from 'react-router';
import { formatCount } from '../ui/format.ts';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { Amount, Hash } from '../ui/values.tsx';
import { CodeEditor } from './code-editor.tsx';
import { formatMs, RunStatusMark } from './run-status.tsx';
import { RunTrace } from './run-trace.tsx';
import { useRun } from './use-run.ts';

export function RunPanel({ id, compact = false }: { readonly id: string; readonly compact?: boolean }) {
  const { run, events, ended, error, streamError, refetch } = useRun(id);
  if (error)
    return <ErrorState what="The run could not be loaded." error={error} onRetry={() => refetch()} />;
  const gas = run && run.gas !== '0' ? run.gas : String(lastGas(events));
  return (
    <div className="run-panel">
      <div className="run-line">
        <span role="status">{run ? <RunStatusMark status={run.status} /> : <Skeleton width="80px" />}</span>
        <Link className="link num" to={`/runs/${id}`}>
          Run {id}
        </Link>
        <span className="muted num">{formatCount(BigInt(gas))} gas</span>
        {run && run.cost !== '0' && <Amount value={run.cost} />}
        {run && ended && <span className="muted num">{formatMs(run.wallMs)}</span>}
        {run?.digest && <Hash value={run.digest} label="digest" head={10} />}
      </div>
      {run?.error && (
        <p className="notice notice-bad" role="alert">
          {run.error.code}: {run.error.message}
        </p>
      )}
      {streamError && <p className="notice">The live trace ended: {streamError.message}</p>}
      <RunTrace events={events} steps={run?.steps ?? []} ended={ended} compact={compact} />
      {run && ended && run.status === 'COMPLETED' && (
        <div className="run-output">
          <h3>Output</h3>
          <CodeEditor path="output.json" label="Output" text={JSON.stringify(run.output ?? null, null, 2)} />
        </div>
      )}
    </div>
  );
}

function lastGas(events: readonly { readonly data?: unknown }[]): number {
  for (const { data } of events.toReversed()) {
    const gas = (data as { gas?: unknown } | null)?.gas;
    if (typeof gas === 'number') return gas;
  }
  return 0;
}
