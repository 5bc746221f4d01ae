// A validator: its stake and who stands behind it, its duties, its blocks, and what was cut.
import { useParams } from 'react-router';
import { useLive } from '../../client/use-live.ts';
import { ChainValidatorDocument } from '../../generated/graphql.ts';
import { formatCount, shorten } from '../../ui/format.ts';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Amount, Count, Hash, Time } from '../../ui/values.tsx';
import { DetailHead, NoSuchId } from './chain-detail.tsx';
import { BlockLink, BlockState, DagAddress } from './chain-values.tsx';
import { shareOf, statusOf, uptimeOf } from './validator-table.tsx';
import './chain.css';

export function ValidatorPage() {
  const address = (useParams().address ?? '').toLowerCase();
  const valid = /^0x[0-9a-f]{40}$/.test(address);
  const { data, error, refetch } = useLive(ChainValidatorDocument, { id: address }, { skip: !valid });
  if (!valid) return <NoSuchId name="an address" expected="An address is 0x and 40 hexadecimal digits." />;
  const validator = data?.dagValidator;
  const share = validator && shareOf(validator.pool, data?.dagStats?.totalStake ?? '0');
  const status = validator && statusOf(validator);
  return (
    <div className="page">
      <DetailHead name="Validator" id={address} title={`Validator ${shorten(address)}`}>
        {status && (
          <span>
            <span className={status.dot} />
            {status.text}
          </span>
        )}
        {validator?.account && (
          <Hash value={validator.account.did ?? validator.account.id} label="DID" head={15} />
        )}
      </DetailHead>
      {error && <ErrorState what="The validator could not be loaded." error={error} onRetry={refetch} />}
      {data && !validator ? (
        <EmptyState title="No validator with this address has been seen.">
          See the account instead: <DagAddress id={address} />
        </EmptyState>
      ) : (
        <>
          <Totals
            label="In figures"
            totals={[
              {
                name: 'Stake',
                value:
                  validator && (validator.pool == null ? '–' : <Amount value={validator.pool} compact />),
                note: share == null ? 'known from its next stake on' : `${share.toFixed(1)}% of all`,
              },
              {
                name: 'Uptime',
                value: validator && <span className="num">{uptimeOf(validator)}</span>,
                note: validator
                  ? `${formatCount(validator.dutiesMissed)} of ${formatCount(validator.dutiesCounted)} votes missed`
                  : '',
              },
              {
                name: 'Blocks',
                value: validator && <Count value={validator.blueBlocks + validator.redBlocks} />,
                note: validator ? `${formatCount(validator.redBlocks)} red` : '',
              },
              {
                name: 'Transactions',
                value: validator && <Count value={validator.transactions} />,
                note: validator ? 'in its blocks' : '',
              },
              {
                name: 'Rewards',
                value: validator && <Amount value={validator.rewards} />,
                note: validator ? (
                  <>
                    commission <Amount value={validator.commissions} />
                  </>
                ) : (
                  ''
                ),
              },
              {
                name: 'Cut',
                value: validator && <Amount value={validator.slashed} />,
                note: validator ? (validator.slashes.length > 0 ? 'of its stakes' : 'never') : '',
              },
            ]}
          />
          <div className="columns" data-loading={!validator}>
            <section className="section" aria-labelledby="blocks">
              <div className="section-head">
                <h2 id="blocks">Newest blocks</h2>
              </div>
              <table className="list tight" aria-busy={!validator}>
                <thead>
                  <tr>
                    <th scope="col">Block</th>
                    <th scope="col" className="w-l">
                      State
                    </th>
                    <th scope="col" className="r mid w-s">
                      Round
                    </th>
                    <th scope="col" className="r mid w-s">
                      Age
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {validator ? (
                    validator.blocks.map((block) => (
                      <tr key={block.id}>
                        <td>
                          <BlockLink id={block.id} row />
                        </td>
                        <td>
                          <BlockState block={block} finalizedIndex={data?.dagStats?.finalizedIndex} />
                        </td>
                        <td className="r mid">
                          <Count value={block.round} />
                        </td>
                        <td className="r mid muted">
                          <Time at={block.timestamp} />
                        </td>
                      </tr>
                    ))
                  ) : (
                    <SkeletonRows rows={8} columns={['', '', 'r mid', 'r mid']} />
                  )}
                </tbody>
              </table>
            </section>
            <section className="section" aria-labelledby="stakes">
              <div className="section-head">
                <h2 id="stakes">Who stakes with it</h2>
              </div>
              {validator?.stakes.length === 0 ? (
                <EmptyState title="No stake has been seen since the genesis." />
              ) : (
                <table className="list tight" aria-busy={!validator}>
                  <thead>
                    <tr>
                      <th scope="col">Account</th>
                      <th scope="col" className="r">
                        Put in
                      </th>
                      <th scope="col" className="r">
                        Taken out
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {validator ? (
                      validator.stakes.map((stake) => (
                        <tr key={stake.id}>
                          <td>
                            <DagAddress id={stake.owner.id} row />
                            {stake.own && <span className="muted"> itself</span>}
                          </td>
                          <td className="r">
                            <Amount value={stake.staked} />
                          </td>
                          <td className="r">
                            <Amount value={stake.unstaked} />
                          </td>
                        </tr>
                      ))
                    ) : (
                      <SkeletonRows rows={5} columns={['', 'r', 'r']} />
                    )}
                  </tbody>
                </table>
              )}
              {validator && validator.slashes.length > 0 && (
                <>
                  <div className="section-head section">
                    <h2 id="cuts">Cuts</h2>
                  </div>
                  <ul className="plain-rows">
                    {validator.slashes.map((slash) => (
                      <li key={slash.id}>
                        <span>{slash.reason.toLowerCase().replaceAll('_', ' ')}</span>
                        <Amount value={slash.amount} />
                        <span className="muted">
                          <Time at={slash.timestamp} />
                        </span>
                      </li>
                    ))}
                  </ul>
                </>
              )}
            </section>
          </div>
        </>
      )}
    </div>
  );
}
