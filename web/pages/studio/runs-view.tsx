// The runs of a deployment: those that wait for somebody's word first, then all of them, newest first, filtered and paged in the URL.
import { useQuery } from '@apollo/client/react';
import { Link, useSearchParams } from 'react-router';
import {
  type DeploymentRowFragment,
  DeploymentRunsDocument,
  type RunRowFragment,
  type RunStatus,
  WaitingRunsDocument,
} from '../../generated/graphql.ts';
import { Approvals } from '../../studio/approvals.tsx';
import { formatMs, RunStatusMark, triggerName } from '../../studio/run-status.tsx';
import { Pager } from '../../ui/pager.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Amount, Count, Time } from '../../ui/values.tsx';

const PAGE = 20;
const STATUSES = ['QUEUED', 'RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'KILLED'] as const;
const TRIGGERS = [
  'manual',
  'schedule',
  'change',
  'message',
  'log',
  'query',
  'agent',
  'wake',
  'health',
  'replay',
] as const;

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`;

export function RunsView({ deployment }: { readonly deployment: DeploymentRowFragment }) {
  const [search, setSearch] = useSearchParams();
  const status = STATUSES.find((one) => one === search.get('status')) ?? null;
  const trigger = TRIGGERS.find((one) => one === search.get('trigger')) ?? null;
  const after = search.get('after');
  const { data, previousData, error, refetch } = useQuery(DeploymentRunsDocument, {
    variables: { id: deployment.id, first: PAGE, after, status: status as RunStatus | null, trigger },
    fetchPolicy: 'cache-and-network',
  });
  const connection = (data ?? previousData)?.agentDeployment?.runs;
  const runs = connection?.edges.map(({ node }) => node);

  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    next.delete('after');
    setSearch(next);
  };
  const pageLink = (cursor: string | null | undefined) => {
    const next = new URLSearchParams(search);
    if (cursor) next.set('after', cursor);
    else next.delete('after');
    return `?${next.toString()}`;
  };

  return (
    <>
      <Waiting deployment={deployment} />
      <section className="section" aria-labelledby="studio-runs">
        <div className="section-head">
          <h2 id="studio-runs">Runs</h2>
        </div>
        <div className="toolbar">
          <label>
            <span className="visually-hidden">Status</span>
            <select
              className="input"
              value={status ?? ''}
              onChange={(event) => filter('status', event.target.value)}
            >
              <option value="">Any status</option>
              {STATUSES.map((one) => (
                <option key={one} value={one}>
                  {capital(one)}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span className="visually-hidden">Started by</span>
            <select
              className="input"
              value={trigger ?? ''}
              onChange={(event) => filter('trigger', event.target.value)}
            >
              <option value="">Started by anything</option>
              {TRIGGERS.map((one) => (
                <option key={one} value={one}>
                  {capital(triggerName(one))}
                </option>
              ))}
            </select>
          </label>
        </div>
        {error && !connection ? (
          <ErrorState what="The runs could not be loaded." error={error} onRetry={() => refetch()} />
        ) : runs?.length === 0 ? (
          status || trigger || after ? (
            <EmptyState title="No run matches.">
              <Link className="link" to={`?deployment=${deployment.id}&view=runs`}>
                Show all of them
              </Link>
            </EmptyState>
          ) : (
            <EmptyState title="It has not run yet.">
              Run it on a test input, or give it a schedule.
            </EmptyState>
          )
        ) : (
          <RunTable runs={runs} />
        )}
        {connection && (after || connection.pageInfo.hasNextPage) && (
          <Pager
            summary={after ? 'Older runs' : 'Newest runs'}
            previous={after ? pageLink(null) : null}
            next={connection.pageInfo.hasNextPage ? pageLink(connection.pageInfo.endCursor) : null}
          />
        )}
      </section>
    </>
  );
}

function RunTable({ runs }: { readonly runs: readonly RunRowFragment[] | undefined }) {
  return (
    <table className="list" aria-busy={!runs}>
      <thead>
        <tr>
          <th scope="col" className="w-s">
            Run
          </th>
          <th scope="col">Status</th>
          <th scope="col" className="mid w-m">
            Started by
          </th>
          <th scope="col" className="wide r w-s">
            Gas
          </th>
          <th scope="col" className="wide r w-m">
            Cost
          </th>
          <th scope="col" className="mid r w-s">
            Took
          </th>
          <th scope="col" className="r w-s">
            Asked
          </th>
        </tr>
      </thead>
      <tbody>
        {runs ? (
          runs.map((run) => (
            <tr key={run.id}>
              <td>
                <Link className="row-link num" to={`/runs/${run.id}`}>
                  {run.id}
                </Link>
              </td>
              <td>
                <RunStatusMark status={run.status} />
                {run.error && <span className="muted"> · {run.error.code}</span>}
                {run.digestMatches !== null && (
                  <span className="muted"> · {run.digestMatches ? 'equal digest' : 'different digest'}</span>
                )}
              </td>
              <td className="mid">{triggerName(run.trigger)}</td>
              <td className="wide r">
                <Count value={run.gas} />
              </td>
              <td className="wide r">
                {run.cost === '0' ? <span className="muted">–</span> : <Amount value={run.cost} />}
              </td>
              <td className="mid r num">
                {run.finishedAt ? formatMs(run.wallMs) : <span className="muted">–</span>}
              </td>
              <td className="r muted">
                <Time at={run.createdAt} />
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={6} columns={['', '', 'mid', 'wide r', 'wide r', 'mid r', 'r']} />
        )}
      </tbody>
    </table>
  );
}

/** Runs that wait for an approval; nothing while there are none. */
function Waiting({ deployment }: { readonly deployment: DeploymentRowFragment }) {
  const { data } = useQuery(WaitingRunsDocument, {
    variables: { id: deployment.id },
    fetchPolicy: 'cache-and-network',
  });
  const runs = (data?.agentDeployment?.runs?.edges ?? []).map(({ node }) => node);
  const waiting = runs.filter(({ steps }) =>
    steps.some(({ status, capability }) => status === 'waiting' && capability === 'approval.ask'),
  );
  if (waiting.length === 0) return null;
  return (
    <section className="section" aria-labelledby="studio-approvals">
      <div className="section-head">
        <h2 id="studio-approvals">
          Waiting for approval <span className="count num">{waiting.length}</span>
        </h2>
      </div>
      {waiting.map((run) => (
        <Approvals
          key={run.id}
          runId={run.id}
          steps={run.steps}
          mayAnswer={deployment.viewerCanOperate}
          withLink
        />
      ))}
    </section>
  );
}
