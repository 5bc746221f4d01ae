// What an agent asks somebody to approve, and the answer.
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { useAct } from '../actions/use-act.ts';
import { ApproveStepDocument, type RunDetailFragment } from '../generated/graphql.ts';
import { Problem } from '../ui/problem.tsx';
import { Time } from '../ui/values.tsx';
import { CodeEditor } from './code-editor.tsx';

type Step = RunDetailFragment['steps'][number];

export function Approvals({
  runId,
  steps,
  mayAnswer,
  withLink = false,
}: {
  readonly runId: string;
  readonly steps: readonly Step[];
  readonly mayAnswer: boolean;
  readonly withLink?: boolean;
}) {
  return steps
    .filter(({ status, capability }) => status === 'waiting' && capability === 'approval.ask')
    .map((step) => (
      <Approval key={step.step} runId={runId} step={step} mayAnswer={mayAnswer} withLink={withLink} />
    ));
}

function Approval({
  runId,
  step,
  mayAnswer,
  withLink,
}: {
  readonly runId: string;
  readonly step: Step;
  readonly mayAnswer: boolean;
  readonly withLink: boolean;
}) {
  const { act, busy, problem } = useAct(ApproveStepDocument, (data) => data.approveStep);
  const [note, setNote] = useState('');
  const id = useId();
  const asked = (step.args ?? {}) as { readonly question?: unknown; readonly details?: unknown };
  const answer = (approved: boolean) =>
    void act({ runId, step: step.step, approved, note: note.trim() || null });
  return (
    <div className="approval">
      <p>
        <strong>{typeof asked.question === 'string' ? asked.question : 'May it go on?'}</strong>{' '}
        <span className="muted">
          {withLink && (
            <>
              <Link className="link num" to={`/runs/${runId}`}>
                run {runId}
              </Link>{' '}
              ·{' '}
            </>
          )}
          asked <Time at={step.startedAt} />
        </span>
      </p>
      {asked.details !== undefined && asked.details !== null && (
        <CodeEditor path="details.json" label="Details" text={JSON.stringify(asked.details, null, 2)} />
      )}
      {mayAnswer ? (
        <div className="form-actions">
          <label className="visually-hidden" htmlFor={id}>
            Note for the agent and the record
          </label>
          <input
            id={id}
            className="input approval-note"
            placeholder="Note, optional"
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <button
            type="button"
            className="button button-primary"
            disabled={busy}
            onClick={() => answer(true)}
          >
            Approve
          </button>
          <button type="button" className="button" disabled={busy} onClick={() => answer(false)}>
            Refuse
          </button>
        </div>
      ) : (
        <p className="muted">The licence’s holder and operators of the network answer it.</p>
      )}
      <Problem problem={problem} />
    </div>
  );
}
