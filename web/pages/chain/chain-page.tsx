// The chain: its DAG drawn live, how fast it is and how soon final, who validates, and the newest blocks.
import { useRef, useState } from 'react';
import { useLive } from '../../client/use-live.ts';
import { ChainOverviewDocument, type ChainOverviewQuery } from '../../generated/graphql.ts';
import { type Bar, BarChart } from '../../ui/bar-chart.tsx';
import { formatCount } from '../../ui/format.ts';
import { HoldControl, useHeldList } from '../../ui/live-list.tsx';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Amount, Count, Time } from '../../ui/values.tsx';
import { ChainSearch } from './chain-search.tsx';
import { BlockLink, BlockState, DagAddress } from './chain-values.tsx';
import { DagView } from './dag-view.tsx';
import type { DagNode } from './dag-window.ts';
import { useDagWindow } from './use-dag-window.ts';
import { ValidatorTable } from './validator-table.tsx';
import './chain.css';

const MINUTES = 60;
const ROWS = 12;

type Stats = NonNullable<ChainOverviewQuery['dagStats']>;
type Minute = ChainOverviewQuery['dagMinutes'][number];

export function ChainPage() {
  const { data, error, refetch } = useLive(ChainOverviewDocument, { minutes: MINUTES });
  const window = useDagWindow();
  const stats = data?.dagStats;
  const empty = data && !stats;
  const newest = window.nodes && [...window.nodes].reverse();
  const list = useHeldList(newest, ROWS);

  return (
    <div className="page">
      <title>Chain · AiOS Studio</title>
      <div className="page-head">
        <div className="page-head-text">
          <h1>Chain</h1>
          <p className="page-sub">
            {stats ? (
              <span>
                Block <Count value={stats.index} /> · <Time at={stats.timestamp} />
              </span>
            ) : empty ? (
              <span>No blocks yet</span>
            ) : (
              <Skeleton width="160px" />
            )}
          </p>
        </div>
        <ChainSearch />
      </div>
      {error && <ErrorState what="The chain could not be loaded." error={error} onRetry={refetch} />}
      {empty ? (
        <NoChain />
      ) : (
        <>
          <Totals label="The chain in figures" totals={totalsOf(stats, data?.dagMinutes)} />
          <LiveDag
            nodes={window.nodes}
            stats={stats ?? undefined}
            error={window.error}
            onRetry={window.refetch}
          />
          <div className="columns chain-charts">
            <div className="chart-frame">
              <BarChart
                title="Operations per second"
                valueName="Operations per second"
                unit="minute"
                bars={throughput(data?.dagMinutes ?? [], stats ?? undefined)}
              />
            </div>
            <div className="chart-frame">
              <BarChart
                title="Seconds from block to final"
                valueName="Seconds"
                unit="minute"
                bars={finality(data?.dagMinutes ?? [])}
              />
            </div>
          </div>
          <section className="section" aria-labelledby="validators">
            <div className="section-head">
              <h2 id="validators">
                Validators <span className="count num">{stats ? stats.activeValidators : ''}</span>
              </h2>
            </div>
            <ValidatorTable validators={data?.dagValidators} totalStake={stats?.totalStake ?? '0'} />
          </section>
          <section className="section" aria-labelledby="newest" {...list.hover}>
            <div className="section-head">
              <h2 id="newest">Newest blocks</h2>
              <HoldControl list={list} name="blocks" />
            </div>
            <BlockTable
              blocks={newest && list.shown}
              finalizedIndex={stats?.finalizedIndex}
              isNew={list.isNew}
            />
          </section>
        </>
      )}
    </div>
  );
}

/** The drawing with its pause: while it is held, nothing in it moves, and what came since is counted. */
function LiveDag({
  nodes,
  stats,
  error,
  onRetry,
}: {
  readonly nodes: readonly DagNode[] | undefined;
  readonly stats: Stats | undefined;
  readonly error: { readonly message: string } | undefined;
  readonly onRetry: () => unknown;
}) {
  const [held, setHeld] = useState(false);
  const frozen = useRef<{ nodes: readonly DagNode[]; stats: Stats } | undefined>(undefined);
  if (!held) frozen.current = undefined;
  else if (nodes && stats) frozen.current ??= { nodes, stats };
  const shown = frozen.current ?? (nodes && stats && { nodes, stats });
  const last = frozen.current?.nodes.at(-1)?.sequence;
  const waiting = last === undefined ? 0 : Math.max(0, (nodes?.at(-1)?.sequence ?? last) - last);
  return (
    <section className="section" aria-labelledby="dag">
      <div className="section-head">
        <h2 id="dag">Blocks as they come</h2>
        <HoldControl list={{ held, waiting, setHeld }} name="the drawing" />
      </div>
      {error ? (
        <ErrorState what="The blocks could not be loaded." error={error} onRetry={onRetry} />
      ) : shown ? (
        <DagView
          nodes={shown.nodes}
          finalizedIndex={shown.stats.finalizedIndex}
          finalizedRound={shown.stats.finalizedRound}
        />
      ) : (
        <div className="dag" aria-busy="true">
          <div className="dag-frame" style={{ height: 190 }}>
            <Skeleton width="100%" />
          </div>
          <div className="dag-caption">
            <Skeleton width="260px" />
          </div>
        </div>
      )}
    </section>
  );
}

export function BlockTable({
  blocks,
  finalizedIndex,
  isNew,
}: {
  readonly blocks: readonly DagNode[] | undefined;
  readonly finalizedIndex: number | undefined;
  readonly isNew: (block: DagNode) => boolean;
}) {
  return (
    <table className="list tight" aria-busy={!blocks}>
      <thead>
        <tr>
          <th scope="col">Block</th>
          <th scope="col" className="w-l">
            State
          </th>
          <th scope="col" className="mid w-a">
            Proposer
          </th>
          <th scope="col" className="r wide w-s">
            Round
          </th>
          <th scope="col" className="r wide w-m">
            Transactions
          </th>
          <th scope="col" className="r mid w-s">
            Age
          </th>
        </tr>
      </thead>
      <tbody>
        {blocks ? (
          blocks.map((block) => (
            <tr key={block.id} className={isNew(block) ? 'row-new' : undefined}>
              <td>
                <BlockLink id={block.id} row />
              </td>
              <td>
                <BlockState block={block} finalizedIndex={finalizedIndex} />
              </td>
              <td className="mid">
                <DagAddress id={block.proposer.id} as="validator" />
              </td>
              <td className="r wide">
                <Count value={block.round} />
              </td>
              <td className="r wide">
                <Count value={block.transactions} />
              </td>
              <td className="r mid muted">
                <Time at={block.timestamp} />
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={ROWS} columns={['', '', 'mid', 'r wide', 'r wide', 'r mid']} />
        )}
      </tbody>
    </table>
  );
}

function NoChain() {
  return (
    <div className="chain-empty">
      <EmptyState title="No blocks yet.">
        Nothing has been indexed from the chain <span className="mono">aios</span>. Name a node of it in{' '}
        <span className="mono">aios.config.ts</span> and start again; blocks appear here as soon as the first
        one is indexed.
        <pre>{`chains: {
  aios: { rpcUrls: ['http://127.0.0.1:8645'], chainId: 1051, finalityDepth: 'tag' },
}`}</pre>
      </EmptyState>
    </div>
  );
}

function totalsOf(stats: Stats | null | undefined, minutes: readonly Minute[] | undefined) {
  const rate = stats && minutes ? throughput(minutes, stats).at(-1) : undefined;
  const share = stats && stats.blocks > 0 ? (100 * stats.redBlocks) / stats.blocks : 0;
  return [
    {
      name: 'Operations per second',
      value: stats && <span className="num">{rate?.value ?? '0'}</span>,
      note: stats ? `${formatCount(BigInt(stats.operations))} in all` : '',
    },
    {
      name: 'Seconds to final',
      value: stats && <span className="num">{stats.secondsToFinal ?? '–'}</span>,
      note: stats ? `block ${formatCount(stats.finalizedIndex)} is final` : '',
    },
    {
      name: 'Blocks',
      value: stats && <Count value={stats.blocks} />,
      note: stats ? `${share.toFixed(1)}% red` : '',
    },
    {
      name: 'Round',
      value: stats && <Count value={stats.round} />,
      note: stats ? `blue score ${formatCount(stats.blueScore)}` : '',
    },
    {
      name: 'Staked',
      value: stats && <Amount value={stats.totalStake} compact />,
      note: stats
        ? `${percent(stats.signedStake, stats.totalStake)} signed epoch ${formatCount(stats.justifiedEpoch)}`
        : '',
    },
    {
      name: 'Fees burned',
      value: stats && <Amount value={stats.feesBurned} digits={4} />,
      note: 'a fifth of all fees',
    },
  ];
}

function percent(part: string, whole: string): string {
  const all = BigInt(whole);
  return all === 0n ? '–' : `${Number((BigInt(part) * 1000n) / all) / 10}%`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** A bar a minute, the last of as much of its minute as is over; minutes without blocks are bars of nothing. */
function byMinute(
  minutes: readonly Minute[],
  of: (minute: Minute | undefined, start: number) => Omit<Bar, 'key' | 'label'>,
): Bar[] {
  const known = new Map(minutes.map((minute) => [Number(minute.start), minute]));
  const last = Math.max(...known.keys(), 0);
  if (last === 0) return [];
  return Array.from({ length: MINUTES }, (_, nth) => {
    const start = last - 60 * (MINUTES - 1 - nth);
    return { key: String(start), label: clock.format(start * 1000), ...of(known.get(start), start) };
  });
}

function throughput(minutes: readonly Minute[], stats: Stats | undefined): Bar[] {
  return byMinute(minutes, (minute, start) => {
    const over = stats ? Math.min(60, Math.max(1, Number(stats.timestamp) - start + 1)) : 60;
    const rate = (minute?.operations ?? 0) / over;
    return { size: rate, value: `${rate >= 100 ? formatCount(Math.round(rate)) : rate.toFixed(1)}` };
  });
}

function finality(minutes: readonly Minute[]): Bar[] {
  return byMinute(minutes, (minute) => {
    if (!minute || minute.checkpoints === 0) return { size: 0, value: 'nothing became final' };
    const seconds = minute.secondsToFinal / minute.checkpoints;
    return { size: seconds, value: `${seconds.toFixed(1)} s` };
  });
}
