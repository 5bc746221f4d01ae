// An account: what an address holds, owns, belongs to, bought and sold.
import { Link, useParams } from 'react-router';
import { usePlatform } from '../../actions/use-platform.ts';
import { useLive } from '../../client/use-live.ts';
import { AccountPageDocument } from '../../generated/graphql.ts';
import { NetworkTable } from '../../lists/network-table.tsx';
import { SaleTable } from '../../lists/sale-table.tsx';
import { formatBps, shorten } from '../../ui/format.ts';
import { agentName } from '../../ui/metadata.ts';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Amount, CopyButton, Count, Hash, Time } from '../../ui/values.tsx';

/** The root fields of indexed subgraphs; the account itself belongs to a service and has no live query. */
const LIVE = ['holder', 'networks', 'members', 'licences', 'sales'];

export function AccountPage() {
  const address = (useParams().address ?? '').toLowerCase();
  const valid = /^0x[0-9a-f]{40}$/.test(address);
  const { data, error, refetch } = useLive(
    AccountPageDocument,
    { address, bytes: address, holder: address },
    { skip: !valid, fields: LIVE },
  );
  const label = usePlatform()?.devnetAccounts.find((one) => one.address === address)?.label;

  if (!valid) {
    return (
      <div className="page">
        <h1>Not an address</h1>
        <EmptyState title="An address is 0x and 40 hexadecimal digits." />
      </div>
    );
  }
  return (
    <div className="page">
      <title>{`${label ?? shorten(address)} · AiOS Studio`}</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>{label ?? 'Account'}</h1>
          <div className="page-sub">
            <span className="hash">
              <span className="whole-address">{address}</span>
              <CopyButton text={address} label="address" />
            </span>
            {data?.account?.did && <Hash value={data.account.did} label="DID" head={15} />}
          </div>
        </div>
      </div>
      {error && <ErrorState what="The account could not be loaded." error={error} onRetry={refetch} />}
      <Totals
        label="Counts"
        totals={[
          { name: 'Balance', value: data && <Amount value={data.holder?.balance ?? '0'} compact /> },
          { name: 'Votes', value: data && <Amount value={data.holder?.votes ?? '0'} compact /> },
          { name: 'Networks owned', value: data && <Count value={data.networks.length} /> },
          { name: 'Licences held', value: data && <Count value={data.licences.length} /> },
        ]}
      />
      <div className="columns" data-loading={!data}>
        <section className="section" aria-labelledby="owned">
          <div className="section-head">
            <h2 id="owned">Networks owned</h2>
          </div>
          {data?.networks.length === 0 ? (
            <EmptyState title="This account owns no network." />
          ) : (
            <NetworkTable networks={data?.networks} rows={5} />
          )}
        </section>
        <section className="section" aria-labelledby="roles">
          <div className="section-head">
            <h2 id="roles">Roles</h2>
          </div>
          {data?.members.length === 0 ? (
            <EmptyState title="This account holds no role in a network." />
          ) : (
            <table className="list" aria-busy={!data}>
              <thead>
                <tr>
                  <th scope="col">Network</th>
                  <th scope="col" className="w-l">
                    Roles
                  </th>
                  <th scope="col" className="r w-s">
                    Joined
                  </th>
                </tr>
              </thead>
              <tbody>
                {data ? (
                  data.members.map((member) => (
                    <tr key={member.id}>
                      <td>
                        <Link className="row-link" to={`/networks/${member.network.id}`}>
                          {member.network.name}
                        </Link>
                      </td>
                      <td>
                        {member.roles
                          .map((role) => role.slice(0, 1) + role.slice(1).toLowerCase())
                          .join(', ')}
                      </td>
                      <td className="r muted">
                        <Time at={member.joinedAt} />
                      </td>
                    </tr>
                  ))
                ) : (
                  <SkeletonRows rows={5} columns={['', '', 'r']} />
                )}
              </tbody>
            </table>
          )}
        </section>
      </div>
      <div className="columns columns-main" data-loading={!data}>
        <section className="section" aria-labelledby="trades">
          <div className="section-head">
            <h2 id="trades">Bought and sold</h2>
          </div>
          {data?.sales.length === 0 ? (
            <EmptyState title="This account has neither bought nor sold." />
          ) : (
            <SaleTable sales={data?.sales} rows={6} />
          )}
        </section>
        <section className="section" aria-labelledby="held">
          <div className="section-head">
            <h2 id="held">Licences held</h2>
          </div>
          {data?.licences.length === 0 ? (
            <EmptyState title="This account holds no licence." />
          ) : (
            <table className="list" aria-busy={!data}>
              <thead>
                <tr>
                  <th scope="col">Agent</th>
                  <th scope="col" className="r w-s">
                    Royalty
                  </th>
                  <th scope="col" className="r w-s">
                    Minted
                  </th>
                </tr>
              </thead>
              <tbody>
                {data ? (
                  data.licences.map((licence) => (
                    <tr key={licence.id}>
                      <td>
                        <Link className="row-link" to={`/agents/${licence.agent.id}`}>
                          {agentName(licence.agent)}
                        </Link>
                        <span className="muted"> · licence {licence.id}</span>
                      </td>
                      <td className="r num">{formatBps(licence.royaltyBps)}</td>
                      <td className="r muted">
                        <Time at={licence.mintedAt} />
                      </td>
                    </tr>
                  ))
                ) : (
                  <SkeletonRows rows={5} columns={['', 'r', 'r']} />
                )}
              </tbody>
            </table>
          )}
        </section>
      </div>
    </div>
  );
}
