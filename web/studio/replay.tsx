// Replaying a run: the same code, input, seed, clock and answers once more, and whether it came to the same digest.
import { Link } from 'react-router';
import { useAct } from '../actions/use-act.ts';
import { ReplayRunDocument } from '../generated/graphql.ts';
import { Problem } from '../ui/problem.tsx';
import { Hash } from '../ui/values.tsx';
import { useRun } from './use-run.ts';

export function ReplayButton({
  runId,
  onStarted,
  primary = false,
}: {
  readonly runId: string;
  readonly onStarted: (replayId: string) => void;
  readonly primary?: boolean;
}) {
  const { act, busy, problem } = useAct(ReplayRunDocument, (data) => data.replayRun);
  return (
    <>
      <button
        type="button"
        className={primary ? 'button button-primary' : 'button'}
        disabled={busy}
        onClick={() => void act({ runId }).then((done) => done?.run && onStarted(done.run.id))}
      >
        {busy ? 'Starting…' : 'Replay'}
      </button>
      <Problem problem={problem} />
    </>
  );
}

/** What a replay came to, as it comes to it. */
export function ReplayVerdict({ id }: { readonly id: string }) {
  const { run, ended } = useRun(id);
  const matches = run?.digestMatches;
  return (
    <div className="verdict" role="status">
      {!ended ? (
        <span className="status-mark">
          <span className="dot dot-live" />
          Replaying
        </span>
      ) : matches ? (
        <span className="status-mark">
          <span className="dot dot-ok" />
          Equal digest
        </span>
      ) : (
        <span className="status-mark">
          <span className="dot dot-bad" />
          {matches === false ? 'Different digest' : 'No digest'}
        </span>
      )}
      {ended && run?.digest && <Hash value={run.digest} label="digest" head={10} />}
      <Link className="link num" to={`/runs/${id}`}>
        Replay {id}
      </Link>
      {ended && run?.error && (
        <span className="muted">
          {run.error.code}: {run.error.message}
        </span>
      )}
    </div>
  );
}
