// An address of the chain, and who stands behind it: the same account on the other chain, where a key has proven that it is.
import { useQuery } from '@apollo/client/react';
import { Link, useParams } from 'react-router';
import { useLive } from '../../client/use-live.ts';
import { ChainAccountDocument, ChainAccountElsewhereDocument } from '../../generated/graphql.ts';
import { shorten } from '../../ui/format.ts';
import { agentName } from '../../ui/metadata.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Address, Amount, Count, Hash, Time } from '../../ui/values.tsx';
import { DetailHead, NoSuchId } from './chain-detail.tsx';
import { DagAddress } from './chain-values.tsx';
import { TransferTable } from './transfer-table.tsx';
import './chain.css';

/** The account belongs to a service and has no live query. */
const LIVE = ['dagAccount', 'dagTransfers'];

export function ChainAccountPage() {
  const address = (useParams().address ?? '').toLowerCase();
  const valid = /^0x[0-9a-f]{40}$/.test(address);
  const { data, error, refetch } = useLive(
    ChainAccountDocument,
    { address, id: address },
    { skip: !valid, fields: LIVE },
  );
  if (!valid) return <NoSuchId name="an address" expected="An address is 0x and 40 hexadecimal digits." />;
  const account = data?.dagAccount;
  const staked = account?.stakes.reduce(
    (sum, stake) => sum + BigInt(stake.staked) - BigInt(stake.unstaked),
    0n,
  );
  const tasks = account && [
    ...account.tasksPaid.map((task) => ({ ...task, role: 'Pays' as const, other: task.agent.id })),
    ...account.tasksDone.map((task) => ({ ...task, role: 'Works' as const, other: task.payer.id })),
  ];
  return (
    <div className="page">
      <DetailHead name="Account on the chain" id={address} title={`Account ${shorten(address)}`}>
        {data?.account?.did && <Hash value={data.account.did} label="DID" head={15} />}
      </DetailHead>
      {error && <ErrorState what="The account could not be loaded." error={error} onRetry={refetch} />}
      <Totals
        label="On the chain"
        totals={[
          {
            name: 'Received',
            value: data && <Amount value={account?.received ?? '0'} />,
            note: account ? `in ${account.receivedCount} transfers` : '',
          },
          {
            name: 'Sent',
            value: data && <Amount value={account?.sent ?? '0'} />,
            note: account ? `in ${account.sentCount} transfers` : '',
          },
          {
            name: 'Put into stakes',
            value: data && <Amount value={String(staked && staked > 0n ? staked : 0n)} />,
            note: account ? `with ${account.stakes.length} validators` : '',
          },
          {
            name: 'Last seen',
            value: data && (account ? <Time at={account.lastSeenAt} /> : 'never'),
            note: account ? (
              <>
                first <Time at={account.firstSeenAt} />
              </>
            ) : (
              ''
            ),
          },
        ]}
      />
      <div className="columns columns-main" data-loading={!data}>
        <section className="section" aria-labelledby="transfers">
          <div className="section-head">
            <h2 id="transfers">Transfers</h2>
          </div>
          {data?.dagTransfers.length === 0 ? (
            <EmptyState title="This address has neither sent nor received." />
          ) : (
            <TransferTable transfers={data?.dagTransfers} self={address} />
          )}
        </section>
        <section className="section" aria-labelledby="behind">
          <div className="section-head">
            <h2 id="behind">Who is behind it</h2>
          </div>
          {data?.account ? (
            <Elsewhere
              addresses={data.account.addresses}
              others={data.account.dagAddresses.filter((one) => one !== address)}
            />
          ) : (
            <EmptyState title="Nobody has claimed this address.">
              Whoever holds its key links it by signing in with the key, or by a challenge of the purpose
              LINK.
            </EmptyState>
          )}
        </section>
      </div>
      {account && account.stakes.length > 0 && (
        <section className="section" aria-labelledby="stakes">
          <div className="section-head">
            <h2 id="stakes">Stakes</h2>
          </div>
          <table className="list tight">
            <thead>
              <tr>
                <th scope="col">Validator</th>
                <th scope="col" className="r">
                  Staked
                </th>
                <th scope="col" className="r">
                  Taken out
                </th>
                <th scope="col" className="r mid">
                  Came back
                </th>
              </tr>
            </thead>
            <tbody>
              {account.stakes.map((stake) => (
                <tr key={stake.id}>
                  <td>
                    <DagAddress id={stake.validator.id} as="validator" row />
                    {stake.own && <span className="muted"> itself</span>}
                  </td>
                  <td className="r">
                    <Amount value={stake.staked} />
                  </td>
                  <td className="r">
                    <Amount value={stake.unstaked} />
                  </td>
                  <td className="r mid">
                    <Amount value={stake.withdrawn} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {tasks && tasks.length > 0 && (
        <section className="section" aria-labelledby="tasks">
          <div className="section-head">
            <h2 id="tasks">Tasks</h2>
          </div>
          <table className="list tight">
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col" className="w-m">
                  State
                </th>
                <th scope="col" className="mid">
                  With
                </th>
                <th scope="col" className="r">
                  Set aside
                </th>
              </tr>
            </thead>
            <tbody>
              {tasks.map((task) => (
                <tr key={`${task.role}${task.id}`}>
                  <td className="mono">{shorten(task.id, 8, 6)}</td>
                  <td>{task.status.slice(0, 1) + task.status.slice(1).toLowerCase()}</td>
                  <td className="mid">
                    <span className="muted">{task.role === 'Pays' ? 'pays ' : 'works for '}</span>
                    <DagAddress id={task.other} />
                  </td>
                  <td className="r">
                    <Amount value={task.amount} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

/** What the same account holds on the chain of the contracts. */
function Elsewhere({
  addresses,
  others,
}: {
  readonly addresses: readonly string[];
  readonly others: readonly string[];
}) {
  const known = [...addresses];
  const { data } = useQuery(ChainAccountElsewhereDocument, {
    variables: { addresses: known, owners: known },
    skip: known.length === 0,
  });
  return (
    <div className="aside-body">
      {known.length === 0 && <span className="muted">It has no address on the other chain.</span>}
      {known.map((address) => {
        const networks = data?.networks.filter(({ owner }) => owner === address);
        const licences = data?.licences.filter(({ owner }) => owner === address);
        return (
          <div key={address}>
            <Address value={address} />{' '}
            {data ? (
              <Amount value={data.holders.find(({ id }) => id === address)?.balance ?? '0'} compact />
            ) : (
              <Skeleton width="80px" />
            )}
            {networks && networks.length > 0 && (
              <p className="muted">
                Owns{' '}
                {networks.map(({ id, name }, nth) => (
                  <span key={id}>
                    {nth > 0 && ', '}
                    <Link className="link" to={`/networks/${id}`}>
                      {name}
                    </Link>
                  </span>
                ))}
              </p>
            )}
            {licences && licences.length > 0 && (
              <p className="muted">
                Holds <Count value={licences.length} /> {licences.length === 1 ? 'licence' : 'licences'}, of{' '}
                {[...new Set(licences.map(({ agent }) => agentName(agent)))].slice(0, 3).join(', ')}
              </p>
            )}
          </div>
        );
      })}
      {others.map((other) => (
        <div key={other}>
          <span className="muted">Also</span> <DagAddress id={other} />
        </div>
      ))}
    </div>
  );
}
