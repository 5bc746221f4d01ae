// An agent's studio: where it is deployed, its code and manifest, a test input and the run on it as it goes on, its runs, versions, and
// what starts it by itself. Which deployment and which part are in the URL.
import { useQuery } from '@apollo/client/react';
import { Link, useParams, useSearchParams } from 'react-router';
import { useSession } from '../../app/session-context.tsx';
import { SignInFirst } from '../../app/sign-in-first.tsx';
import { AgentDeploymentsDocument, type DeploymentRowFragment } from '../../generated/graphql.ts';
import { DeploymentStatusMark, HealthMark } from '../../studio/deployment-status.tsx';
import { useOwnLicences } from '../../studio/use-places.ts';
import { agentName } from '../../ui/metadata.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Amount } from '../../ui/values.tsx';
import { AgentTabs } from '../agent/agent-tabs.tsx';
import { CodeView } from './code-view.tsx';
import { RunsView } from './runs-view.tsx';
import { ScheduleView } from './schedule-view.tsx';
import { useActivity } from './use-activity.ts';
import { VersionsView } from './versions-view.tsx';
import './studio.css';

const views: readonly [view: string, name: string][] = [
  ['code', 'Code and test'],
  ['runs', 'Runs'],
  ['versions', 'Versions'],
  ['schedule', 'Schedule'],
];

/** A deployment's place in words. */
export function placeName({
  id,
  network,
  environment,
}: Pick<DeploymentRowFragment, 'id' | 'network' | 'environment'>): string {
  const name = network?.name ?? `Deployment ${id}`;
  return environment ? `${name} · ${environment.name}` : name;
}

export function AgentStudioPage() {
  const { id = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const { session } = useSession();
  const { data, error, refetch } = useQuery(AgentDeploymentsDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const { licences } = useOwnLicences();
  const agent = data?.agent;
  const name = agentName(agent ?? { id });
  const deployments = agent?.deployments.edges.map(({ node }) => node) ?? [];
  const wanted = search.get('deployment');
  const mine = (licences ?? []).filter((licence) => licence.agent.id === id);
  const operable = deployments.filter(({ viewerCanOperate }) => viewerCanOperate);
  const chosen =
    wanted === 'new'
      ? undefined
      : wanted
        ? deployments.find((one) => one.id === wanted)
        : (operable[0] ?? (mine.length > 0 ? undefined : deployments[0]));
  const view = views.some(([one]) => one === search.get('view')) ? (search.get('view') ?? 'code') : 'code';
  useActivity(chosen?.viewerCanOperate ? chosen.network?.id : undefined, chosen?.id);

  const go = (changes: Readonly<Record<string, string | null>>) => {
    const next = new URLSearchParams(search);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) next.delete(key);
      else next.set(key, value);
    }
    return next;
  };
  const linkTo = (other: string) =>
    `?${go({ view: other === 'code' ? null : other, after: null, status: null, trigger: null }).toString()}`;

  return (
    <div className="page">
      <title>{`${name}, studio · AiOS Studio`}</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>{agent === undefined && !error ? <Skeleton width="220px" /> : name}</h1>
        </div>
      </div>
      <AgentTabs id={id} />
      {error && !data ? (
        <ErrorState what="The agent could not be loaded." error={error} onRetry={() => refetch()} />
      ) : agent === null ? (
        <EmptyState title="No such agent is indexed." />
      ) : !session ? (
        <SignInFirst>
          Who holds a licence to this agent, or operates a network it works in, works on it here.
        </SignInFirst>
      ) : !agent || !licences ? (
        <div aria-busy="true">
          <Skeleton width="320px" />
        </div>
      ) : deployments.length === 0 && mine.length === 0 ? (
        <EmptyState title="You hold no licence to this agent, and it is deployed nowhere.">
          Buy one on{' '}
          <Link className="link" to={`/agents/${id}`}>
            its page
          </Link>
          , then deploy code of your own under it.
        </EmptyState>
      ) : (
        <>
          <div className="studio-bar">
            <label>
              <span className="visually-hidden">Deployment</span>
              <select
                className="input"
                value={chosen?.id ?? 'new'}
                onChange={(event) => setSearch(go({ deployment: event.target.value, after: null }))}
              >
                {deployments.map((one) => (
                  <option key={one.id} value={one.id}>
                    {placeName(one)} · licence {one.licence?.id}
                  </option>
                ))}
                {mine.length > 0 && <option value="new">New deployment…</option>}
              </select>
            </label>
            {chosen && (
              <>
                <DeploymentStatusMark status={chosen.status} />
                {chosen.health && <HealthMark health={chosen.health} />}
                {chosen.network && (
                  <Link className="link" to={`/networks/${chosen.network.id}`}>
                    Network {chosen.network.id}
                  </Link>
                )}
                <span className="muted num">
                  licence {chosen.licence?.id} · version {chosen.version?.number}
                </span>
                {chosen.price && (
                  <span className="muted">
                    {chosen.price.token === 'AIOS' ? (
                      <Amount value={chosen.price.amount} />
                    ) : (
                      `${chosen.price.amount} of ${chosen.price.token}`
                    )}{' '}
                    a run for others
                  </span>
                )}
              </>
            )}
          </div>
          {chosen && (
            <nav className="tabs studio-tabs" aria-label="Studio">
              {views.map(([one, word]) => (
                <Link key={one} to={linkTo(one)} aria-current={one === view ? 'page' : undefined}>
                  {word}
                </Link>
              ))}
            </nav>
          )}
          {!chosen || view === 'code' ? (
            <CodeView
              key={chosen?.id ?? 'new'}
              agent={id}
              deployment={chosen}
              licences={mine.map((licence) => licence.id)}
              onDeployed={(deployment) => {
                void refetch();
                setSearch(go({ deployment }));
              }}
            />
          ) : view === 'runs' ? (
            <RunsView deployment={chosen} />
          ) : view === 'versions' ? (
            <VersionsView deployment={chosen} />
          ) : (
            <ScheduleView key={chosen.id} deployment={chosen} />
          )}
        </>
      )}
    </div>
  );
}
