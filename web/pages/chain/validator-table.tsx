// Who validates: stake and share of it, duties done, blocks, rewards.
import { Link } from 'react-router';
import type { DagValidatorRowFragment } from '../../generated/graphql.ts';
import { formatCount, shorten } from '../../ui/format.ts';
import { EmptyState, SkeletonRows } from '../../ui/states.tsx';
import { Amount } from '../../ui/values.tsx';

export type ValidatorRow = DagValidatorRowFragment;

export const uptimeOf = ({ dutiesCounted, dutiesMissed }: ValidatorRow): string =>
  dutiesCounted === 0 ? '–' : `${((100 * (dutiesCounted - dutiesMissed)) / dutiesCounted).toFixed(1)}%`;

export const statusOf = ({ active, jailed }: ValidatorRow): { text: string; dot: string } =>
  jailed
    ? { text: 'Jailed', dot: 'dot dot-bad' }
    : active
      ? { text: 'Active', dot: 'dot dot-ok' }
      : { text: 'Suspended', dot: 'dot dot-warn' };

/** Of all that may vote, in per cent; null where the pool is not known. */
export function shareOf(pool: string | null | undefined, total: string): number | null {
  const all = BigInt(total);
  return pool == null || all === 0n ? null : Number((BigInt(pool) * 10_000n) / all) / 100;
}

const UNKNOWN = 'Not known before its next stake: the genesis named it';

export function ValidatorTable({
  validators,
  totalStake,
}: {
  readonly validators: readonly ValidatorRow[] | undefined;
  readonly totalStake: string;
}) {
  if (validators?.length === 0) return <EmptyState title="No validator has been seen yet." />;
  return (
    <table className="list" aria-busy={!validators}>
      <thead>
        <tr>
          <th scope="col">Validator</th>
          <th scope="col" className="w-m">
            Status
          </th>
          <th scope="col" className="r mid w-l">
            Stake
          </th>
          <th scope="col" className="r wide w-m">
            Share
          </th>
          <th scope="col" className="r w-s">
            Uptime
          </th>
          <th scope="col" className="r wide w-m">
            Blocks
          </th>
          <th scope="col" className="r wide w-l">
            Rewards
          </th>
        </tr>
      </thead>
      <tbody>
        {validators ? (
          validators.map((validator) => {
            const status = statusOf(validator);
            const share = shareOf(validator.pool, totalStake);
            return (
              <tr key={validator.id}>
                <td>
                  <Link
                    className="row-link mono"
                    to={`/chain/validator/${validator.id}`}
                    title={validator.id}
                  >
                    {shorten(validator.id, 8, 6)}
                  </Link>
                </td>
                <td>
                  <span className={status.dot} />
                  {status.text}
                </td>
                <td className="r mid" title={validator.pool == null ? UNKNOWN : undefined}>
                  {validator.pool == null ? '–' : <Amount value={validator.pool} compact />}
                </td>
                <td className="r wide num">
                  {share !== null && (
                    <span className="share-bar">
                      <span style={{ width: `${Math.min(100, share)}%` }} />
                    </span>
                  )}
                  {share === null ? '–' : `${share.toFixed(1)}%`}
                </td>
                <td
                  className="r num"
                  title={`${formatCount(validator.dutiesMissed)} of ${formatCount(validator.dutiesCounted)} votes missed`}
                >
                  {uptimeOf(validator)}
                </td>
                <td
                  className="r wide num"
                  title={`${formatCount(validator.blueBlocks)} blue, ${formatCount(validator.redBlocks)} red`}
                >
                  {formatCount(validator.blueBlocks)}
                  {validator.redBlocks > 0 && (
                    <span className="muted"> + {formatCount(validator.redBlocks)} red</span>
                  )}
                </td>
                <td className="r wide">
                  <Amount value={validator.rewards} />
                </td>
              </tr>
            );
          })
        ) : (
          <SkeletonRows rows={4} columns={['', '', 'r mid', 'r wide', 'r', 'r wide', 'r wide']} />
        )}
      </tbody>
    </table>
  );
}
