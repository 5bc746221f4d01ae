// One run: how it went, its trace as it happens, what went in and out, its record, and its replay.
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { useSession } from '../../app/session-context.tsx';
import { SignInFirst } from '../../app/sign-in-first.tsx';
import type { RunDetailFragment } from '../../generated/graphql.ts';
import { Approvals } from '../../studio/approvals.tsx';
import { CodeEditor } from '../../studio/code-editor.tsx';
import { ReplayButton, ReplayVerdict } from '../../studio/replay.tsx';
import { formatBytes, formatMs, RunStatusMark, triggerPhrase } from '../../studio/run-status.tsx';
import { RunTrace } from '../../studio/run-trace.tsx';
import { useRun } from '../../studio/use-run.ts';
import { agentName } from '../../ui/metadata.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Amount, Count, Hash, Time } from '../../ui/values.tsx';
import { FIXES } from './fixes.ts';
import { OnChain, RunProof } from './run-evidence.tsx';
import { RunNodes } from './run-nodes.tsx';
import '../studio/studio.css';
import '../../prover/proof.css';

export function RunPage() {
  const { id = '' } = useParams();
  const { session } = useSession();
  return (
    <div className="page">
      <title>{`Run ${id} · AiOS Studio`}</title>
      {session ? (
        <Run key={id} id={id} />
      ) : (
        <>
          <div className="page-head">
            <h1>Run {id}</h1>
          </div>
          <SignInFirst>
            Runs are shown to the licence’s holder, and to operators and auditors of the network.
          </SignInFirst>
        </>
      )}
    </div>
  );
}

function Run({ id }: { readonly id: string }) {
  const { run, events, ended, error, streamError, refetch } = useRun(id);
  const [replay, setReplay] = useState<string | null>(null);
  if (error) {
    return (
      <>
        <div className="page-head">
          <h1>Run {id}</h1>
        </div>
        <ErrorState what="The run could not be shown." error={error} onRetry={() => refetch()} />
      </>
    );
  }
  const deployment = run?.deployment;
  const agent = deployment?.agent;
  return (
    <>
      <div className="page-head">
        <div className="page-head-text">
          <div className="page-title">
            <h1>Run {id}</h1>
            <span role="status">
              {run ? <RunStatusMark status={run.status} /> : <Skeleton width="80px" />}
            </span>
          </div>
          <div className="page-sub">
            {run ? (
              <>
                {agent && (
                  <Link
                    className="link"
                    to={`/agents/${agent.id}/studio?deployment=${deployment.id}&view=runs`}
                  >
                    {agentName(agent)}
                  </Link>
                )}
                {deployment?.network && <span>in {deployment.network.name}</span>}
                <span>
                  started {triggerPhrase(run.trigger)} <Time at={run.createdAt} />
                </span>
                {run.parent && (
                  <Link className="link num" to={`/runs/${run.parent.id}`}>
                    called by run {run.parent.id}
                  </Link>
                )}
                {run.replayOf && (
                  <Link className="link num" to={`/runs/${run.replayOf.id}`}>
                    replay of run {run.replayOf.id}
                  </Link>
                )}
              </>
            ) : (
              <Skeleton width="320px" />
            )}
          </div>
        </div>
        <div className="page-actions">
          {run && ended && !run.replayOf && run.digest && <ReplayButton runId={id} onStarted={setReplay} />}
        </div>
      </div>
      {replay && (
        <div className="notice run-replay">
          <ReplayVerdict key={replay} id={replay} />
        </div>
      )}
      <Totals
        label="Figures"
        totals={[
          { name: 'Gas', value: run && <Count value={run.gas} /> },
          { name: 'Cost', value: run && <Amount value={run.cost} /> },
          { name: 'Took', value: run && (ended ? formatMs(run.wallMs) : '–') },
          {
            name: 'Memory',
            value: run && (run.memoryBytes === '0' ? '–' : formatBytes(Number(run.memoryBytes))),
          },
        ]}
      />
      {run && <Verdict run={run} />}
      {run && (
        <Approvals
          runId={id}
          steps={ended ? [] : run.steps}
          mayAnswer={deployment?.viewerCanOperate ?? false}
        />
      )}
      <div className="columns columns-main" data-loading={!run}>
        <div>
          <section className="section" aria-labelledby="run-trace">
            <div className="section-head">
              <h2 id="run-trace">Trace</h2>
              {run && !ended && <span className="muted">live</span>}
            </div>
            {streamError && <p className="notice">The live trace ended: {streamError.message}</p>}
            {run ? <RunTrace events={events} steps={run.steps} ended={ended} /> : <Skeleton width="60%" />}
          </section>
          {run?.nodes && <RunNodes nodes={run.nodes} />}
          {run?.status === 'COMPLETED' && <Value id="run-output" name="Output" value={run.output} />}
          {run && <Value id="run-input" name="Input" value={run.input} />}
        </div>
        {run && (
          <div>
            <Record run={run} />
            {ended && run.digest && !run.replayOf && <OnChain digest={run.digest} run={run} />}
            {run.proof && <RunProof proof={run.proof} />}
          </div>
        )}
      </div>
    </>
  );
}

/** Why it did not complete and what mends that; or, of a replay, whether it came to the same. */
function Verdict({ run }: { readonly run: RunDetailFragment }) {
  if (run.digestMatches !== null) {
    return (
      <p className={run.digestMatches ? 'notice run-verdict' : 'notice notice-bad run-verdict'}>
        {run.digestMatches
          ? `It came to the same digest as run ${run.replayOf?.id}.`
          : `It came to another digest than run ${run.replayOf?.id}: code, engine, input or answers were not the same.`}
      </p>
    );
  }
  if (!run.error) return null;
  const fix = FIXES[run.error.code];
  return (
    <div className="notice notice-bad run-verdict" role="alert">
      <p>
        <strong>{run.error.code}</strong> {run.error.message}
      </p>
      {fix && <p>{fix}</p>}
      {run.error.stack && <pre className="run-stack">{run.error.stack}</pre>}
    </div>
  );
}

function Value({ id, name, value }: { readonly id: string; readonly name: string; readonly value: unknown }) {
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{name}</h2>
      </div>
      <div className="aside-body">
        <CodeEditor path={`${id}.json`} label={name} text={JSON.stringify(value ?? null, null, 2)} />
      </div>
    </section>
  );
}

function Record({ run }: { readonly run: RunDetailFragment }) {
  const facts: readonly (readonly [name: string, value: React.ReactNode])[] = [
    ['Version', run.version && <span className="num">{run.version.number}</span>],
    ['Package', run.version && <Hash value={run.version.cid} label="content identifier" head={10} />],
    ['Digest', run.digest && <Hash value={run.digest} label="digest" head={10} />],
    ['Seed', <Hash key="seed" value={run.seed} label="seed" head={10} />],
    ['Clock stood at', <Time key="clock" at={run.guestTime} />],
    ['Engine', run.engine && <Hash value={run.engine} label="engine" head={16} />],
    ['Attempt', run.attempt > 0 && <span className="num">{run.attempt + 1}</span>],
    ['Asked by', run.viewer && <Hash value={run.viewer} label="DID" head={13} />],
  ];
  return (
    <section className="section" aria-labelledby="run-record">
      <div className="section-head">
        <h2 id="run-record">Record</h2>
      </div>
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
