// Listings as a table, each live one with its buy button.
import { Link } from 'react-router';
import type { ListingRowFragment } from '../generated/graphql.ts';
import { formatBps } from '../ui/format.ts';
import { agentName } from '../ui/metadata.ts';
import { SkeletonRows } from '../ui/states.tsx';
import { Address, Amount, Time } from '../ui/values.tsx';

interface Props {
  readonly listings: readonly ListingRowFragment[] | undefined;
  readonly rows: number;
  readonly onBuy: (listing: ListingRowFragment) => void;
  readonly isNew?: (listing: ListingRowFragment) => boolean;
  readonly withoutAgent?: boolean;
}

export function ListingTable({ listings, rows, onBuy, isNew, withoutAgent = false }: Props) {
  return (
    <table className="list" aria-busy={!listings}>
      <thead>
        <tr>
          <th scope="col">{withoutAgent ? 'Licence' : 'Agent'}</th>
          <th scope="col" className="r w-p">
            Price
          </th>
          <th scope="col" className="wide r w-s">
            Royalty
          </th>
          <th scope="col" className="mid w-a">
            Seller
          </th>
          <th scope="col" className="mid r w-s">
            Listed
          </th>
          <th scope="col" className="r w-xs">
            <span className="visually-hidden">Buy</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {listings ? (
          listings.map((listing) => (
            <tr key={listing.id} className={isNew?.(listing) ? 'row-new' : undefined}>
              <td>
                {!withoutAgent && listing.agent ? (
                  <>
                    <Link className="row-link" to={`/agents/${listing.agent.id}`}>
                      {agentName(listing.agent)}
                    </Link>
                    <span className="muted mid"> · licence {listing.licence?.id ?? listing.tokenId}</span>
                  </>
                ) : (
                  <>
                    {listing.licence ? 'Licence' : 'Token'} {listing.licence?.id ?? listing.tokenId}
                  </>
                )}
              </td>
              <td className="r">
                <Amount value={listing.price} />
              </td>
              <td className="wide r num">{listing.licence ? formatBps(listing.licence.royaltyBps) : '–'}</td>
              <td className="mid">
                <Address value={listing.seller} />
              </td>
              <td className="mid r muted">
                <Time at={listing.createdAt} />
              </td>
              <td className="r">
                {listing.status === 'ACTIVE' ? (
                  <button
                    type="button"
                    className="button button-small"
                    aria-label={`Buy licence ${listing.licence?.id ?? listing.tokenId}`}
                    onClick={() => onBuy(listing)}
                  >
                    Buy
                  </button>
                ) : (
                  <span className="muted">{listing.status === 'SOLD' ? 'Sold' : 'Cancelled'}</span>
                )}
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={rows} columns={['', 'r', 'wide r', 'mid', 'mid r', 'r']} />
        )}
      </tbody>
    </table>
  );
}
