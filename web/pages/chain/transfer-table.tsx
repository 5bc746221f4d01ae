// Transfers of the chain's own coin.
import type { DagTransferRowFragment } from '../../generated/graphql.ts';
import { SkeletonRows } from '../../ui/states.tsx';
import { Amount, Time } from '../../ui/values.tsx';
import { DagAddress, TransactionLink } from './chain-values.tsx';

export function TransferTable({
  transfers,
  rows = 5,
  self,
}: {
  readonly transfers: readonly DagTransferRowFragment[] | undefined;
  readonly rows?: number;
  /** Whose page it is: what left it has a minus. */
  readonly self?: string;
}) {
  return (
    <table className="list tight" aria-busy={!transfers}>
      <thead>
        <tr>
          <th scope="col" className="wide">
            Transaction
          </th>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col" className="r w-m">
            Amount
          </th>
          <th scope="col" className="r mid w-s">
            Age
          </th>
        </tr>
      </thead>
      <tbody>
        {transfers ? (
          transfers.map(({ id, transaction, from, to, amount, timestamp }) => (
            <tr key={id}>
              <td className="wide">
                <TransactionLink id={transaction} />
              </td>
              <td>
                {from.id === self ? <span className="muted">this account</span> : <DagAddress id={from.id} />}
              </td>
              <td>
                {to.id === self ? <span className="muted">this account</span> : <DagAddress id={to.id} />}
              </td>
              <td className="r">
                {self !== undefined && from.id === self && from.id !== to.id && '−'}
                <Amount value={amount} />
              </td>
              <td className="r mid muted">
                <Time at={timestamp} />
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={rows} columns={['wide', '', '', 'r', 'r mid']} />
        )}
      </tbody>
    </table>
  );
}
