// The prover: what can be proved, a form for each, one's own proofs, and those that the chain has verified.
import { useQuery } from '@apollo/client/react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useSession } from '../../app/session-context.tsx';
import { SignInFirst } from '../../app/sign-in-first.tsx';
import { useLive } from '../../client/use-live.ts';
import { CircuitsDocument, ProofJobsDocument, RecentProofsDocument } from '../../generated/graphql.ts';
import { ProofForm } from '../../prover/proof-form.tsx';
import { ProofStatusMark } from '../../prover/proof-panel.tsx';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states.tsx';
import { Address, Time } from '../../ui/values.tsx';
import '../../prover/proof.css';
import '../../studio/input-editor.css';
import '../../studio/run-trace.css';

const JOBS = 20;
const RECENT = 10;

export function ProverPage() {
  const { session } = useSession();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(CircuitsDocument);
  const circuit = data?.circuits.find(({ id }) => id === search.get('circuit')) ?? data?.circuits[0];
  return (
    <div className="page">
      <title>Prover · AiOS Studio</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>Prover</h1>
          <p className="page-sub">Shows that something holds, without showing what it holds of.</p>
        </div>
      </div>
      <div className="columns columns-main" data-loading={!circuit && !error}>
        <section className="section" aria-labelledby="prover-ask">
          <div className="section-head">
            <h2 id="prover-ask">Ask for a proof</h2>
          </div>
          {error && !data ? (
            <ErrorState what="The circuits could not be loaded." error={error} onRetry={() => refetch()} />
          ) : !circuit ? (
            <div className="aside-body" aria-busy="true">
              <Skeleton width="50%" />
            </div>
          ) : (
            <>
              <nav className="tabs prover-tabs" aria-label="Circuits">
                {data?.circuits.map(({ id, title }) => (
                  <Link
                    key={id}
                    to={`?circuit=${id}`}
                    replace
                    aria-current={id === circuit.id ? 'page' : undefined}
                  >
                    {title}
                    {id.startsWith('mlp-') && ` ${id.slice(4).toUpperCase()}`}
                  </Link>
                ))}
              </nav>
              <div className="aside-body">
                {session ? (
                  <ProofForm
                    key={circuit.id}
                    circuit={circuit}
                    onRequested={(job) => void navigate(`/proofs/${job}`)}
                  />
                ) : (
                  <SignInFirst>{circuit.statement}</SignInFirst>
                )}
              </div>
            </>
          )}
        </section>
        <div>
          <section className="section" aria-labelledby="prover-own">
            <div className="section-head">
              <h2 id="prover-own">Your proofs</h2>
            </div>
            {session ? <OwnProofs /> : <p className="aside-body muted">Shown when you are signed in.</p>}
          </section>
          <Recent />
        </div>
      </div>
    </div>
  );
}

function OwnProofs() {
  const { data, error, refetch } = useQuery(ProofJobsDocument, {
    variables: { first: JOBS },
    fetchPolicy: 'cache-and-network',
    // Proofs take seconds to minutes; the page of each is live.
    pollInterval: 5_000,
  });
  const jobs = data?.proofJobs;
  if (error && !data)
    return <ErrorState what="Your proofs could not be loaded." error={error} onRetry={() => refetch()} />;
  if (jobs?.length === 0)
    return <EmptyState title="You have asked for none yet.">The form beside this asks for one.</EmptyState>;
  return (
    <table className="list" aria-busy={!jobs}>
      <thead>
        <tr>
          <th scope="col">Proof of</th>
          <th scope="col" className="w-m">
            State
          </th>
          <th scope="col" className="r w-s">
            Asked
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs ? (
          jobs.map((job) => (
            <tr key={job.id}>
              <td>
                <Link className="row-link" to={`/proofs/${job.id}`}>
                  {job.circuit}
                </Link>
              </td>
              <td>
                <ProofStatusMark status={job.status} short />
              </td>
              <td className="r muted">
                <Time at={job.createdAt} />
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={3} columns={['', '', 'r']} />
        )}
      </tbody>
    </table>
  );
}

function Recent() {
  const { data, error, refetch } = useLive(RecentProofsDocument, { first: RECENT });
  const proofs = data?.verifiedProofs;
  return (
    <section className="section" aria-labelledby="prover-recent">
      <div className="section-head">
        <h2 id="prover-recent">Verified on chain</h2>
      </div>
      {error ? (
        <ErrorState what="Verified proofs could not be loaded." error={error} onRetry={refetch} />
      ) : proofs?.length === 0 ? (
        <EmptyState title="No proof has been verified on chain yet.">
          One that is appears here at once.
        </EmptyState>
      ) : (
        <table className="list" aria-busy={!proofs}>
          <thead>
            <tr>
              <th scope="col">Circuit</th>
              <th scope="col" className="w-a">
                By
              </th>
              <th scope="col" className="r w-s">
                When
              </th>
            </tr>
          </thead>
          <tbody>
            {proofs ? (
              proofs.map((proof) => (
                <tr key={proof.id}>
                  <td>{proof.key.circuit}</td>
                  <td>
                    <Address value={proof.submitter} />
                  </td>
                  <td className="r muted">
                    <Time at={proof.timestamp} />
                  </td>
                </tr>
              ))
            ) : (
              <SkeletonRows rows={4} columns={['', '', 'r']} />
            )}
          </tbody>
        </table>
      )}
    </section>
  );
}
