// A transaction, told by what it brought about: only what has left an event is known here.
import { useParams } from 'react-router';
import { useLive } from '../../client/use-live.ts';
import { ChainTransactionDocument } from '../../generated/graphql.ts';
import { formatAmount, formatCount, shorten } from '../../ui/format.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { DetailHead, NoSuchId } from './chain-detail.tsx';
import { DagAddress } from './chain-values.tsx';
import { TransferTable } from './transfer-table.tsx';
import './chain.css';

export function TransactionPage() {
  const id = (useParams().id ?? '').toLowerCase();
  const valid = /^0x[0-9a-f]{64}$/.test(id);
  const { data, error, refetch } = useLive(ChainTransactionDocument, { id }, { skip: !valid });
  if (!valid)
    return <NoSuchId name="a transaction" expected="A transaction's id is 0x and 64 hexadecimal digits." />;
  const others = data
    ? [...data.dagUnbondings, ...data.created, ...data.closed, ...data.dagDids].length
    : undefined;
  const block = data?.dagTransfers[0]?.block;
  return (
    <div className="page">
      <DetailHead name="Transaction" id={id} title={`Transaction ${shorten(id, 8, 4)}`}>
        {block !== undefined && <span className="muted">chain block {formatCount(block)}</span>}
      </DetailHead>
      {error && <ErrorState what="The transaction could not be loaded." error={error} onRetry={refetch} />}
      {data && data.dagTransfers.length === 0 && others === 0 ? (
        <EmptyState title="Nothing is known of it.">
          It has not been executed yet, has failed, or has done what is not listed by transaction, such as
          staking.
        </EmptyState>
      ) : (
        <>
          {data?.dagTransfers.length !== 0 && (
            <section className="section" aria-labelledby="transfers">
              <div className="section-head">
                <h2 id="transfers">Transfers</h2>
              </div>
              <TransferTable transfers={data?.dagTransfers} rows={2} />
            </section>
          )}
          {data && others !== 0 && (
            <section className="section" aria-labelledby="other">
              <div className="section-head">
                <h2 id="other">Also</h2>
              </div>
              <ul className="plain-rows">
                {data.dagUnbondings.map((each) => (
                  <li key={each.id}>
                    Took {formatAmount(each.amount)} AiOS out of the stake with{' '}
                    <DagAddress id={each.validator.id} as="validator" />
                  </li>
                ))}
                {data.created.map((task) => (
                  <li key={task.id}>
                    Set {formatAmount(task.amount)} AiOS aside for task{' '}
                    <span className="mono">{shorten(task.id, 8, 6)}</span>
                  </li>
                ))}
                {data.closed.map((task) => (
                  <li key={task.id}>
                    {task.status === 'SETTLED' ? 'Settled' : 'Refunded'} task{' '}
                    <span className="mono">{shorten(task.id, 8, 6)}</span>
                  </li>
                ))}
                {data.dagDids.map((did) => (
                  <li key={did.id}>
                    Registered <span className="mono">{did.id}</span> for <DagAddress id={did.owner.id} />
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </div>
  );
}
