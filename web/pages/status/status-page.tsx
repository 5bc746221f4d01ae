// Status: the heads of the chains, how far each deployment is behind them, and the contracts indexed.
import { useQuery } from '@apollo/client/react';
import { PlatformDocument, StatusDocument, type StatusQuery } from '../../generated/graphql.ts';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states.tsx';
import { Count, Hash, Time } from '../../ui/values.tsx';

const POLL_MS = 3000;

type Deployment = StatusQuery['deployments'][number];

export function StatusPage() {
  const status = useQuery(StatusDocument, { pollInterval: POLL_MS, fetchPolicy: 'cache-and-network' });
  const platform = useQuery(PlatformDocument);
  const data = status.data;
  return (
    <div className="page" data-loading={!data}>
      <title>Status · AiOS Studio</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>Status</h1>
          <p className="page-sub">
            {data ? <Summary deployments={data.deployments} /> : <Skeleton width="220px" />}
          </p>
        </div>
      </div>
      {status.error && (
        <ErrorState
          what={
            data
              ? 'The status could not be renewed; what follows may be old.'
              : 'The status could not be loaded.'
          }
          error={status.error}
          onRetry={status.refetch}
        />
      )}
      <section className="section" aria-labelledby="deployments">
        <div className="section-head">
          <h2 id="deployments">Deployments</h2>
        </div>
        <table className="list" aria-busy={!data}>
          <thead>
            <tr>
              <th scope="col">Subgraph</th>
              <th scope="col" className="w-m">
                State
              </th>
              <th scope="col" className="mid w-m">
                Chain
              </th>
              <th scope="col" className="r mid w-s">
                Block
              </th>
              <th scope="col" className="r w-s">
                Behind
              </th>
              <th scope="col" className="r wide w-m">
                Entities
              </th>
              <th scope="col" className="wide w-l">
                Deployment
              </th>
            </tr>
          </thead>
          <tbody>
            {data ? (
              data.deployments.map((deployment) => (
                <DeploymentRow key={deployment.id} deployment={deployment} />
              ))
            ) : (
              <SkeletonRows rows={3} columns={['', '', 'mid', 'r mid', 'r', 'r wide', 'wide']} />
            )}
          </tbody>
        </table>
        {data?.deployments.length === 0 && (
          <EmptyState title="Nothing is deployed.">
            Deploy one with <code className="mono">aios subgraph deploy NAME FOLDER</code>.
          </EmptyState>
        )}
        {data?.deployments.map(
          ({ id, name, error }) =>
            error && (
              <p key={id} className="notice notice-bad" role="alert">
                <strong>{name}</strong> stopped
                {error.block != null && ` at block ${formatCount(error.block)}`}
                {error.handler && ` in ${error.handler}`}: {error.message}
              </p>
            ),
        )}
      </section>
      <section className="section" aria-labelledby="chains">
        <div className="section-head">
          <h2 id="chains">Chains</h2>
        </div>
        <table className="list" aria-busy={!data}>
          <thead>
            <tr>
              <th scope="col">Chain</th>
              <th scope="col" className="mid w-m">
                Source
              </th>
              <th scope="col" className="r w-m">
                Head
              </th>
              <th scope="col" className="wide w-l">
                Hash
              </th>
              <th scope="col" className="r w-m">
                Block time
              </th>
              <th scope="col" className="r wide w-m">
                Lag
              </th>
            </tr>
          </thead>
          <tbody>
            {data ? (
              data.chains.map((chain) => (
                <tr key={chain.name}>
                  <td>
                    {chain.name} <span className="muted num">{chain.chainId}</span>
                  </td>
                  <td className="mid muted">{chain.source}</td>
                  <td className="r">{chain.head ? <Count value={chain.head.number} /> : '–'}</td>
                  <td className="wide">
                    {chain.head?.hash ? <Hash value={chain.head.hash} label="block hash" /> : '–'}
                  </td>
                  <td className="r muted">
                    {chain.head?.timestamp ? <Time at={chain.head.timestamp} /> : '–'}
                  </td>
                  <td className="r wide num">
                    {chain.lagMs == null ? '–' : `${formatCount(chain.lagMs)} ms`}
                  </td>
                </tr>
              ))
            ) : (
              <SkeletonRows rows={1} columns={['', 'mid', 'r', 'wide', 'r', 'r wide']} />
            )}
          </tbody>
        </table>
      </section>
      <section className="section" aria-labelledby="contracts">
        <div className="section-head">
          <h2 id="contracts">Contracts</h2>
        </div>
        {platform.error ? (
          <ErrorState
            what="The contracts could not be loaded."
            error={platform.error}
            onRetry={platform.refetch}
          />
        ) : (
          <dl className="facts">
            {platform.data
              ? platform.data.platform.contracts.map(({ name, address }) => (
                  <div key={address}>
                    <dt>{name}</dt>
                    <dd>
                      <Hash value={address} label="contract address" head={10} />
                    </dd>
                  </div>
                ))
              : ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
                  <div key={key}>
                    <dt>
                      <Skeleton width="110px" />
                    </dt>
                    <dd>
                      <Skeleton width="160px" />
                    </dd>
                  </div>
                ))}
          </dl>
        )}
      </section>
    </div>
  );
}

function Summary({ deployments }: { readonly deployments: readonly Deployment[] }) {
  const failed = deployments.filter(({ error }) => error).length;
  const behind = deployments.filter(({ error, synced }) => !error && !synced).length;
  if (failed > 0) {
    return (
      <span>
        <span className="dot dot-bad" />
        {failed} of {deployments.length} deployments stopped
      </span>
    );
  }
  return (
    <span>
      <span className={behind ? 'dot dot-warn' : 'dot dot-ok'} />
      {behind
        ? `${behind} of ${deployments.length} deployments are catching up`
        : 'All deployments follow their chains'}
    </span>
  );
}

function DeploymentRow({ deployment }: { readonly deployment: Deployment }) {
  const { name, alias, chain, synced, health, head, lagBlocks, entityCount, error } = deployment;
  const state = error ? 'Stopped' : !synced ? 'Catching up' : health === 'unhealthy' ? 'Unhealthy' : 'Synced';
  const dot = error ? 'dot dot-bad' : synced && health !== 'unhealthy' ? 'dot dot-ok' : 'dot dot-warn';
  return (
    <tr>
      <td>
        {name} {alias && alias !== name && <span className="muted">as {alias}</span>}
      </td>
      <td>
        <span className={dot} />
        {state}
      </td>
      <td className="mid muted">{chain}</td>
      <td className="r mid">{head ? <Count value={head.number} /> : '–'}</td>
      <td className="r">{lagBlocks == null ? '–' : <Count value={lagBlocks} />}</td>
      <td className="r wide">{entityCount == null ? '–' : <Count value={entityCount} />}</td>
      <td className="wide">
        <Hash value={deployment.id} label="deployment id" />
      </td>
    </tr>
  );
}
