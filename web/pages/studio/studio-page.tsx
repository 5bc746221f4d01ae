// Where one begins: the agents one may work on, and the templates to start from.
import { useQuery } from '@apollo/client/react';
import { Link } from 'react-router';
import { useSession } from '../../app/session-context.tsx';
import { SignInFirst } from '../../app/sign-in-first.tsx';
import { TemplateNamesDocument } from '../../generated/graphql.ts';
import { DeploymentStatusMark } from '../../studio/deployment-status.tsx';
import { useOwnLicences } from '../../studio/use-places.ts';
import { agentName } from '../../ui/metadata.ts';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import './studio.css';
import '../../studio/run-trace.css';

export function StudioPage() {
  const { session } = useSession();
  return (
    <div className="page">
      <title>Studio · AiOS Studio</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>Studio</h1>
          <p className="page-sub">Write an agent, deploy it under a licence, watch it work.</p>
        </div>
        <div className="page-actions">
          <Link className="button button-primary" to="/path">
            From licence to proof
          </Link>
        </div>
      </div>
      <section className="section" aria-labelledby="studio-own">
        <div className="section-head">
          <h2 id="studio-own">Your agents</h2>
        </div>
        {session ? (
          <OwnAgents />
        ) : (
          <SignInFirst>Agents that you hold licences to are listed here.</SignInFirst>
        )}
      </section>
      <Templates />
    </div>
  );
}

function OwnAgents() {
  const { licences, error, refetch } = useOwnLicences();
  if (error) return <ErrorState what="Your licences could not be loaded." error={error} onRetry={refetch} />;
  if (licences?.length === 0) {
    return (
      <EmptyState title="You hold no licence yet.">
        Buy one on the{' '}
        <Link className="link" to="/market">
          market
        </Link>
        , or follow{' '}
        <Link className="link" to="/path">
          the path
        </Link>{' '}
        from licence to proof.
      </EmptyState>
    );
  }
  return (
    <table className="list" aria-busy={!licences}>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col" className="mid w-s">
            Licence
          </th>
          <th scope="col">Deployed in</th>
          <th scope="col" className="mid r w-s">
            Version
          </th>
          <th scope="col" className="r w-m">
            State
          </th>
        </tr>
      </thead>
      <tbody>
        {licences ? (
          licences.flatMap(({ id, agent }) => {
            const deployments = agent.deployments.edges
              .map(({ node }) => node)
              .filter(({ licence }) => licence?.id === id);
            if (deployments.length === 0) {
              return [
                <tr key={id}>
                  <td>
                    <Link className="row-link" to={`/agents/${agent.id}/studio?deployment=new`}>
                      {agentName(agent)}
                    </Link>
                  </td>
                  <td className="mid num">{id}</td>
                  <td className="muted">nowhere yet</td>
                  <td className="mid" />
                  <td />
                </tr>,
              ];
            }
            return deployments.map((one) => (
              <tr key={`${id}-${one.id}`}>
                <td>
                  <Link className="row-link" to={`/agents/${agent.id}/studio?deployment=${one.id}`}>
                    {agentName(agent)}
                  </Link>
                </td>
                <td className="mid num">{id}</td>
                <td>{one.network?.name ?? '–'}</td>
                <td className="mid r num">{one.version?.number}</td>
                <td className="r">
                  <DeploymentStatusMark status={one.status} />
                </td>
              </tr>
            ));
          })
        ) : (
          <SkeletonRows rows={3} columns={['', 'mid', '', 'mid r', 'r']} />
        )}
      </tbody>
    </table>
  );
}

function Templates() {
  const { data, error, refetch } = useQuery(TemplateNamesDocument);
  return (
    <section className="section" aria-labelledby="studio-templates">
      <div className="section-head">
        <h2 id="studio-templates">Templates</h2>
      </div>
      {error && !data ? (
        <ErrorState what="The templates could not be loaded." error={error} onRetry={() => refetch()} />
      ) : (
        <ul className="templates" aria-busy={!data}>
          {data?.agentTemplates.map(({ id, description, language }) => (
            <li key={id}>
              <Link className="link" to={`/studio/templates/${id}`}>
                {id}
              </Link>
              <span className="badge">{language}</span>
              <p>{description}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
