// What stands behind a run for others: its digest's place on chain, checked in this browser, and the proof that it asked for.
import { Link } from 'react-router';
import { isIncluded } from '../../client/run-inclusion.ts';
import type { RunDetailFragment } from '../../generated/graphql.ts';
import { ProofStatusMark } from '../../prover/proof-panel.tsx';
import { formatCount } from '../../ui/format.ts';
import { Count, Hash } from '../../ui/values.tsx';

export function OnChain({ run, digest }: { readonly run: RunDetailFragment; readonly digest: string }) {
  const { anchored } = run;
  return (
    <section className="section" aria-labelledby="run-chain">
      <div className="section-head">
        <h2 id="run-chain">On chain</h2>
      </div>
      {anchored ? (
        <>
          <p className="run-checked" role="status">
            {isIncluded(digest, anchored) ? (
              <span className="status-mark">
                <span className="dot dot-ok" />
                Its digest is in the anchored batch: checked here.
              </span>
            ) : (
              <span className="status-mark">
                <span className="dot dot-bad" />
                Its digest does not lead to the anchored root.
              </span>
            )}
          </p>
          <dl className="facts">
            <div>
              <dt>Batch</dt>
              <dd className="num">
                {anchored.batch ? `${anchored.batch.id}, ` : ''}place {formatCount(anchored.index + 1)}
                {anchored.batch ? ` of ${formatCount(anchored.batch.count)}` : ''}
              </dd>
            </div>
            <div>
              <dt>Block</dt>
              <dd>
                <Count value={anchored.block} />
              </dd>
            </div>
            <div>
              <dt>Transaction</dt>
              <dd>
                <Hash value={anchored.transaction} label="transaction hash" head={10} />
              </dd>
            </div>
            <div>
              <dt>Root</dt>
              <dd>
                <Hash value={anchored.root} label="root" head={10} />
              </dd>
            </div>
            <div>
              <dt>Siblings</dt>
              <dd className="num">
                {anchored.proof.length === 0 ? 'none: a batch of one' : formatCount(anchored.proof.length)}
              </dd>
            </div>
            <div>
              <dt>RunAnchor</dt>
              <dd>
                <Hash value={anchored.contract} label="address" />
              </dd>
            </div>
          </dl>
        </>
      ) : (
        <p className="aside-body muted">
          Not anchored yet. Digests go on chain in batches; this appears by itself once the batch is indexed.
        </p>
      )}
    </section>
  );
}

export function RunProof({ proof }: { readonly proof: NonNullable<RunDetailFragment['proof']> }) {
  return (
    <section className="section" aria-labelledby="run-proof">
      <div className="section-head">
        <h2 id="run-proof">Proof</h2>
      </div>
      <div className="aside-body">
        <div className="verdict">
          <ProofStatusMark status={proof.status} />
          <Link className="link" to={`/proofs/${proof.id}`}>
            {proof.circuit}
          </Link>
        </div>
        <p className="muted">{proof.statement}</p>
        {proof.error && (
          <p className="notice notice-bad">
            {proof.error.code}: {proof.error.message}
          </p>
        )}
      </div>
    </section>
  );
}
