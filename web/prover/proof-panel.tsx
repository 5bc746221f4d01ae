// A proof from request to record: stages as they pass, what it shows, what it says and does not say, its verification on chain.
import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { ActionForm } from '../actions/action-form.tsx';
import { useAct } from '../actions/use-act.ts';
import {
  CancelProofDocument,
  CircuitsDocument,
  type ProofJobFieldsFragment,
  SubmitProofDocument,
  type VerifiedProofFieldsFragment,
} from '../generated/graphql.ts';
import { formatCount } from '../ui/format.ts';
import { Problem } from '../ui/problem.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx';
import { Address, Count, Hash, Time } from '../ui/values.tsx';
import { ProofStages } from './proof-stages.tsx';
import { OPEN, useProof, useVerifiedProof } from './use-proof.ts';
import './proof.css';

const statusWords: Readonly<Record<string, readonly [word: string, dot: string]>> = {
  QUEUED: ['Queued', 'dot'],
  RUNNING: ['Being made', 'dot dot-live'],
  COMPLETED: ['Made and verified under its key', 'dot dot-ok'],
  FAILED: ['Failed', 'dot dot-bad'],
  CANCELLED: ['Cancelled', 'dot dot-warn'],
};

export function ProofStatusMark({
  status,
  short = false,
}: {
  readonly status: string;
  readonly short?: boolean;
}) {
  const [word, dot] = statusWords[status] ?? [status, 'dot'];
  return (
    <span className="status-mark">
      <span className={dot} />
      {short && status === 'COMPLETED' ? 'Made' : word}
    </span>
  );
}

export function ProofPanel({
  id,
  onVerified,
  withLink = false,
}: {
  readonly id: string;
  readonly onVerified?: (proof: VerifiedProofFieldsFragment) => void;
  readonly withLink?: boolean;
}) {
  const { job, missing, error, streamError, refetch } = useProof(id);
  const verified = useVerifiedProof(job);
  const cancel = useAct(CancelProofDocument, (data) => data.cancelProof);
  if (error)
    return <ErrorState what="The proof could not be loaded." error={error} onRetry={() => refetch()} />;
  if (missing) {
    return (
      <EmptyState title="You have asked for no such proof.">
        A proof is shown to whoever asked for it; what is recorded on chain is shown to everybody.
      </EmptyState>
    );
  }
  if (!job) return <Skeleton width="100%" />;
  return (
    <div className="proof">
      <div className="verdict">
        <span role="status">
          <ProofStatusMark status={job.status} />
        </span>
        {withLink && (
          <Link className="link" to={`/proofs/${id}`}>
            Proof {id.slice(0, 8)}
          </Link>
        )}
        {job.cpuSeconds !== null && <span className="muted num">{job.cpuSeconds.toFixed(1)} CPU s</span>}
        {OPEN.has(job.status) && (
          <button
            type="button"
            className="button button-small"
            disabled={cancel.busy}
            onClick={() => void cancel.act({ job: id })}
          >
            Cancel
          </button>
        )}
      </div>
      <ProofStages job={job} />
      <Problem problem={cancel.problem} />
      {job.error && (
        <p className="notice notice-bad" role="alert">
          {job.error.code}: {job.error.message}
        </p>
      )}
      {streamError && <p className="notice">Live stages ended: {streamError.message}</p>}
      {job.status === 'COMPLETED' && (
        <>
          <Says circuit={job.circuit} statement={job.statement} development={job.development ?? false} />
          <Signals job={job} />
          {verified ? (
            <Recorded proof={verified} />
          ) : (
            <ActionForm
              document={SubmitProofDocument}
              payload={(data) => data.submitProof}
              input={(_, from) => ({ job: id, from })}
              indexed={(result) => result.verifiedProof !== null}
              onDone={(result) => result.verifiedProof && onVerified?.(result.verifiedProof)}
              submit="Verify on chain"
            >
              <p className="muted">The chain’s verifier checks the proof and records its nullifier, once.</p>
            </ActionForm>
          )}
        </>
      )}
    </div>
  );
}

function Says({
  circuit,
  statement,
  development,
}: {
  readonly circuit: string;
  readonly statement: string;
  readonly development: boolean;
}) {
  const { data } = useQuery(CircuitsDocument);
  const unsaid = data?.circuits.find(({ id }) => id === circuit)?.unsaid;
  return (
    <div className="says">
      <p>
        <strong>It says:</strong> {statement}
      </p>
      {unsaid && <p>{unsaid}</p>}
      {development && (
        <p className="muted">
          Made under a development key, whose secret is published: it convinces nobody off this devnet.
        </p>
      )}
    </div>
  );
}

const decisions: Readonly<Record<string, string>> = { '0': 'decline', '1': 'review', '2': 'approve' };

function Signals({ job }: { readonly job: ProofJobFieldsFragment }) {
  return (
    <dl className="facts signals" aria-label="What it shows">
      {job.publicSignals?.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {name === 'subject' ? (
              <Address value={`0x${BigInt(value).toString(16).padStart(40, '0')}`} />
            ) : value.length > 20 ? (
              <Hash value={value} label={name} head={14} />
            ) : (
              <span className="num">
                {formatCount(BigInt(value))}
                {job.circuit === 'credit-policy' &&
                  name === 'decision' &&
                  decisions[value] &&
                  ` · ${decisions[value]}`}
              </span>
            )}
          </dd>
        </div>
      ))}
      {job.keyHash && (
        <div>
          <dt>verifying key</dt>
          <dd>
            <Hash value={job.keyHash} label="key hash" head={14} />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** The proof as the chain has it. */
export function Recorded({ proof }: { readonly proof: VerifiedProofFieldsFragment }) {
  return (
    <div>
      <p className="verdict" role="status">
        <span className="status-mark">
          <span className="dot dot-ok" />
          Verified on chain
        </span>
      </p>
      <dl className="facts">
        <div>
          <dt>Recorded</dt>
          <dd>
            <span>
              <Time at={proof.timestamp} />
              <span className="muted">
                {' '}
                · block <Count value={proof.block} />
              </span>
            </span>
          </dd>
        </div>
        <div>
          <dt>Transaction</dt>
          <dd>
            <Hash value={proof.transaction} label="transaction hash" />
          </dd>
        </div>
        <div>
          <dt>Verifier</dt>
          <dd>
            <Hash value={proof.key.verifier} label="address" />
          </dd>
        </div>
        <div>
          <dt>Submitted by</dt>
          <dd>
            <Address value={proof.submitter} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
