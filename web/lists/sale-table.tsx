// Sales as a table: what was sold, for how much, from whom to whom, when.
import { Link } from 'react-router';
import type { SaleRowFragment } from '../generated/graphql.ts';
import { agentName } from '../ui/metadata.ts';
import { SkeletonRows } from '../ui/states.tsx';
import { Address, Amount, Hash, Time } from '../ui/values.tsx';

interface Props {
  readonly sales: readonly SaleRowFragment[] | undefined;
  /** How many rows to hold room for while loading. */
  readonly rows: number;
  readonly isNew?: (sale: SaleRowFragment) => boolean;
  /** On an agent's own page the agent is not repeated. */
  readonly withoutAgent?: boolean;
  /** The transaction's hash, where there is room. */
  readonly withTransaction?: boolean;
}

export function SaleTable({ sales, rows, isNew, withoutAgent = false, withTransaction = false }: Props) {
  const columns = ['', 'r', 'wide', 'mid', ...(withTransaction ? ['wide'] : []), 'r'];
  return (
    <table className="list" aria-busy={!sales}>
      <thead>
        <tr>
          <th scope="col">{withoutAgent ? 'Licence' : 'Agent'}</th>
          <th scope="col" className="r w-p">
            Price
          </th>
          <th scope="col" className="wide w-a">
            Seller
          </th>
          <th scope="col" className="mid w-a">
            Buyer
          </th>
          {withTransaction && (
            <th scope="col" className="wide w-l">
              Transaction
            </th>
          )}
          <th scope="col" className="r w-s">
            Age
          </th>
        </tr>
      </thead>
      <tbody>
        {sales ? (
          sales.map((sale) => (
            <tr key={sale.id} className={isNew?.(sale) ? 'row-new' : undefined} data-sale={sale.id}>
              <td>
                {!withoutAgent &&
                  (sale.agent ? (
                    <Link className="row-link" to={`/agents/${sale.agent.id}`}>
                      {agentName(sale.agent)}
                    </Link>
                  ) : (
                    'Other collection'
                  ))}
                {withoutAgent ? (
                  <>Licence {sale.licence?.id ?? sale.tokenId}</>
                ) : (
                  <span className="muted mid"> · licence {sale.licence?.id ?? sale.tokenId}</span>
                )}
              </td>
              <td className="r">
                <Amount value={sale.price} />
              </td>
              <td className="wide">
                <Address value={sale.seller} />
              </td>
              <td className="mid">
                <Address value={sale.buyer} />
              </td>
              {withTransaction && (
                <td className="wide">
                  <Hash value={sale.transaction} label="transaction hash" />
                </td>
              )}
              <td className="r muted">
                <Time at={sale.timestamp} />
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={rows} columns={columns} />
        )}
      </tbody>
    </table>
  );
}
