// Networks as a table, without search results' extras.
import { Link } from 'react-router';
import type { NetworkRowFragment } from '../generated/graphql.ts';
import { Icon } from '../ui/icons.tsx';
import { SkeletonRows } from '../ui/states.tsx';
import { Address, Count, Time } from '../ui/values.tsx';

interface Props {
  readonly networks: readonly NetworkRowFragment[] | undefined;
  readonly rows: number;
  readonly isNew?: (network: NetworkRowFragment) => boolean;
}

export function NetworkTable({ networks, rows, isNew }: Props) {
  return (
    <table className="list" aria-busy={!networks}>
      <thead>
        <tr>
          <th scope="col">Network</th>
          <th scope="col" className="mid w-a">
            Owner
          </th>
          <th scope="col" className="r mid w-s">
            Members
          </th>
          <th scope="col" className="r w-s">
            Age
          </th>
        </tr>
      </thead>
      <tbody>
        {networks ? (
          networks.map((network) => (
            <tr key={network.id} className={isNew?.(network) ? 'row-new' : undefined}>
              <td>
                <Link className="row-link" to={`/networks/${network.id}`}>
                  {network.name}
                </Link>{' '}
                <Private network={network} />
              </td>
              <td className="mid">
                <Address value={network.owner} />
              </td>
              <td className="r mid">
                <Count value={network.memberCount} />
              </td>
              <td className="r muted">
                <Time at={network.createdAt} />
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={rows} columns={['', 'mid', 'r mid', 'r']} />
        )}
      </tbody>
    </table>
  );
}

/** A mark on networks that are not public. */
export function Private({ network }: { readonly network: { readonly isPublic: boolean } }) {
  return network.isPublic ? null : (
    <span className="badge">
      <Icon name="lock" />
      Private
    </span>
  );
}
