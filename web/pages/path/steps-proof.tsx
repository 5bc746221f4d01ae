// The steps of the proof: the decision proved without showing what it was made from, and verified on chain.
import { useQuery } from '@apollo/client/react';
import { useAct } from '../../actions/use-act.ts';
import { DeploymentDocument, RequestProofDocument } from '../../generated/graphql.ts';
import { creditProofInput } from '../../prover/credit-proof.ts';
import { ProofPanel } from '../../prover/proof-panel.tsx';
import { useRun } from '../../studio/use-run.ts';
import { textsOf } from '../../studio/use-templates.ts';
import { Problem } from '../../ui/problem.tsx';
import { Skeleton } from '../../ui/states.tsx';

export function ProofStep({
  run: id,
  deployment,
  onDone,
}: {
  readonly run: string;
  readonly deployment: string;
  readonly onDone: (proof: string) => void;
}) {
  const { run } = useRun(id);
  const { data } = useQuery(DeploymentDocument, { variables: { id: deployment } });
  const { act, busy, problem, tell } = useAct(RequestProofDocument, (result) => result.requestProof);
  const version = data?.agentDeployment?.version;
  if (!run || !version) return <Skeleton width="100%" />;
  const files = version.id === run.version?.id ? version.files : null;

  async function prove(): Promise<void> {
    if (!run) return;
    let input: unknown;
    try {
      if (!files) throw new Error('Another version was deployed since this run. Run it again, then prove.');
      input = creditProofInput(run, textsOf(files));
    } catch (error) {
      return tell(error instanceof Error ? error.message : 'The run cannot be proved.');
    }
    const done = await act({ circuit: 'credit-policy', system: 'GROTH16', input });
    if (done?.job) onDone(done.job.id);
  }

  return (
    <>
      <p>
        A proof that this decision followed the scorecard, which shows neither the applicant nor the points:
        only what they are committed to. It is bound to this run by its seed. The first one of a circuit takes
        half a minute, for its keys.
      </p>
      <div className="form-actions">
        <button
          type="button"
          className="button button-primary"
          disabled={busy || !files}
          onClick={() => void prove()}
        >
          {busy ? 'Asking…' : 'Prove the decision'}
        </button>
        {run.proof && (
          <button type="button" className="button" onClick={() => run.proof && onDone(run.proof.id)}>
            Take the proof that it asked for
          </button>
        )}
      </div>
      <Problem problem={problem} />
    </>
  );
}

export function VerifyStep({
  proof,
  onDone,
}: {
  readonly proof: string;
  readonly onDone: (verified: string) => void;
}) {
  return <ProofPanel id={proof} onVerified={({ id }) => onDone(id)} withLink />;
}
