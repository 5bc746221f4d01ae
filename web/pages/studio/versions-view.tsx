// The versions at a deployment's place, newest first. A version never changes.
import { useQuery } from '@apollo/client/react';
import { useSearchParams } from 'react-router';
import { type DeploymentRowFragment, DeploymentVersionsDocument } from '../../generated/graphql.ts';
import { formatBytes } from '../../studio/run-status.tsx';
import { Pager } from '../../ui/pager.tsx';
import { ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Hash, Time } from '../../ui/values.tsx';

const PAGE = 20;

export function VersionsView({ deployment }: { readonly deployment: DeploymentRowFragment }) {
  const [search] = useSearchParams();
  const after = search.get('after');
  const { data, previousData, error, refetch } = useQuery(DeploymentVersionsDocument, {
    variables: { id: deployment.id, first: PAGE, after },
    fetchPolicy: 'cache-and-network',
  });
  const shown = (data ?? previousData)?.agentDeployment;
  const pageLink = (cursor: string | null | undefined) => {
    const next = new URLSearchParams(search);
    if (cursor) next.set('after', cursor);
    else next.delete('after');
    return `?${next.toString()}`;
  };
  return (
    <section className="section" aria-labelledby="studio-versions">
      <div className="section-head">
        <h2 id="studio-versions">Versions</h2>
      </div>
      {error && !shown ? (
        <ErrorState what="The versions could not be loaded." error={error} onRetry={() => refetch()} />
      ) : (
        <table className="list" aria-busy={!shown}>
          <thead>
            <tr>
              <th scope="col" className="w-m">
                Version
              </th>
              <th scope="col">Content identifier</th>
              <th scope="col" className="mid w-s">
                Language
              </th>
              <th scope="col" className="wide r w-s">
                Size
              </th>
              <th scope="col" className="wide w-l">
                By
              </th>
              <th scope="col" className="r w-s">
                Deployed
              </th>
            </tr>
          </thead>
          <tbody>
            {shown ? (
              shown.versions.edges.map(({ node }) => (
                <tr key={node.id}>
                  <td className="num">
                    {node.number}{' '}
                    {node.id === shown.version?.id && <span className="badge badge-ok">active</span>}
                  </td>
                  <td>
                    <Hash value={node.cid} label="content identifier" head={12} />
                  </td>
                  <td className="mid">{node.language}</td>
                  <td className="wide r num">{node.size === null ? '–' : formatBytes(node.size)}</td>
                  <td className="wide">
                    <Hash value={node.createdBy} label="DID" head={13} />
                  </td>
                  <td className="r muted">
                    <Time at={node.createdAt} />
                  </td>
                </tr>
              ))
            ) : (
              <SkeletonRows rows={4} columns={['', '', 'mid', 'wide r', 'wide', 'r']} />
            )}
          </tbody>
        </table>
      )}
      {shown && (after || shown.versions.pageInfo.hasNextPage) && (
        <Pager
          summary={after ? 'Older versions' : 'Newest versions'}
          previous={after ? pageLink(null) : null}
          next={shown.versions.pageInfo.hasNextPage ? pageLink(shown.versions.pageInfo.endCursor) : null}
        />
      )}
    </section>
  );
}
