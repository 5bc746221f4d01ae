// A block of the DAG: where it stands, what it builds on, what it merged, and the transfers of its chain block.
import { useParams } from 'react-router';
import { useLive } from '../../client/use-live.ts';
import {
  ChainBlockDocument,
  type ChainBlockQuery,
  ChainBlockTransfersDocument,
} from '../../generated/graphql.ts';
import { formatCount, shorten } from '../../ui/format.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Count, Time } from '../../ui/values.tsx';
import { DetailHead, Facts, NoSuchId } from './chain-detail.tsx';
import { BlockLink, BlockMark, BlockState, DagAddress } from './chain-values.tsx';
import { TransferTable } from './transfer-table.tsx';
import './chain.css';

export function BlockPage() {
  const id = (useParams().id ?? '').toLowerCase();
  const valid = /^0x[0-9a-f]{64}$/.test(id);
  const { data, error, refetch } = useLive(ChainBlockDocument, { id }, { skip: !valid });
  const block = data?.dagBlock;
  const transfers = useLive(ChainBlockTransfersDocument, { index: block?.index ?? 0 }, { skip: !block });
  if (!valid) return <NoSuchId name="a block" expected="A block's id is 0x and 64 hexadecimal digits." />;
  const finalizedIndex = data?.dagStats?.finalizedIndex;
  const unknown = <Skeleton width="140px" />;
  return (
    <div className="page">
      <DetailHead name="Block" id={id} title={`Block ${shorten(id, 8, 4)}`}>
        {block && <BlockState block={block} finalizedIndex={finalizedIndex} />}
      </DetailHead>
      {error && <ErrorState what="The block could not be loaded." error={error} onRetry={refetch} />}
      {data && !block ? (
        <EmptyState title="No block with this id has been merged.">
          Blocks are listed once the selected chain has merged them, some seconds after they were made.
        </EmptyState>
      ) : (
        <>
          <div className="columns" data-loading={!block}>
            <section className="section" aria-labelledby="place">
              <div className="section-head">
                <h2 id="place">Place</h2>
              </div>
              <Facts
                facts={[
                  { name: 'Round', value: block ? <Count value={block.round} /> : unknown },
                  { name: 'Blue score', value: block ? <Count value={block.blueScore} /> : unknown },
                  { name: 'In the order', value: block ? <Count value={block.sequence} /> : unknown },
                  { name: 'Merged by', value: block ? <MergedBy block={block} /> : unknown },
                  { name: 'Time', value: block ? <Time at={block.timestamp} /> : unknown },
                  {
                    name: 'Proposer',
                    value: block ? <DagAddress id={block.proposer.id} as="validator" /> : unknown,
                  },
                  { name: 'Transactions', value: block ? <Count value={block.transactions} /> : unknown },
                ]}
              />
            </section>
            <section className="section" aria-labelledby="parents">
              <div className="section-head">
                <h2 id="parents">
                  Parents <span className="count num">{block?.parents.length}</span>
                </h2>
              </div>
              {block?.parents.length === 0 ? (
                <EmptyState title="It builds on the genesis." />
              ) : (
                <ul className="plain-rows">
                  {block?.parents.map((parent) => (
                    <li key={parent.id}>
                      <BlockLink id={parent.id} />
                      {parent.id === block.selectedParent?.id && (
                        <span className="muted">selected parent</span>
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </section>
          </div>
          {block && block.mergeset.length > 1 && (
            <section className="section" aria-labelledby="merged">
              <div className="section-head">
                <h2 id="merged">
                  Merged, in the order of execution <span className="count num">{block.mergeset.length}</span>
                </h2>
              </div>
              <ul className="plain-rows">
                {block.mergeset.map((each) => (
                  <li key={each.id}>
                    <BlockMark
                      red={!each.blue}
                      selected={each.id === block.id}
                      final={finalizedIndex !== undefined && block.index <= finalizedIndex}
                    />
                    <BlockLink id={each.id} />
                    <span className="muted num">
                      {each.id === block.id ? 'this block' : each.blue ? 'blue' : 'red'} · round{' '}
                      {formatCount(each.round)} · {formatCount(each.transactions)} tx
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          {block && (
            <section className="section" aria-labelledby="transfers">
              <div className="section-head">
                <h2 id="transfers">Transfers of chain block {formatCount(block.index)}</h2>
              </div>
              {transfers.error ? (
                <ErrorState
                  what="The transfers could not be loaded."
                  error={transfers.error}
                  onRetry={transfers.refetch}
                />
              ) : transfers.data?.dagTransfers.length === 0 ? (
                <EmptyState title="Nothing was transferred." />
              ) : (
                <TransferTable transfers={transfers.data?.dagTransfers} />
              )}
            </section>
          )}
        </>
      )}
    </div>
  );
}

function MergedBy({ block }: { readonly block: NonNullable<ChainBlockQuery['dagBlock']> }) {
  if (block.onSelectedChain) return <>itself, chain block {formatCount(block.index)}</>;
  return (
    <>
      <BlockLink id={block.chainBlock.id} />
      <span className="muted">&nbsp;chain block {formatCount(block.index)}</span>
    </>
  );
}
