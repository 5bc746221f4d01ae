// An agent: its facts, the licences to it, what is for sale, what was sold.
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { BuyDialog } from '../../actions/market-dialogs.tsx';
import { useLive } from '../../client/use-live.ts';
import { useSales } from '../../client/use-sales.ts';
import {
  AgentPageDocument,
  type AgentPageQuery,
  type ListingRowFragment,
  ListingsDocument,
} from '../../generated/graphql.ts';
import { ListingTable } from '../../lists/listing-table.tsx';
import { SaleTable } from '../../lists/sale-table.tsx';
import { formatBps } from '../../ui/format.ts';
import { HoldControl, useHeldList } from '../../ui/live-list.tsx';
import { agentName } from '../../ui/metadata.ts';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Address, Amount, Count, Hash, SiteLink, Time } from '../../ui/values.tsx';
import { AgentTabs } from './agent-tabs.tsx';

const SALES = 20;

type Agent = NonNullable<AgentPageQuery['agent']>;

export function AgentPage() {
  const { id = '' } = useParams();
  const { data, loading, error, refetch } = useLive(AgentPageDocument, { id });
  const listings = useLive(ListingsDocument, {
    first: 50,
    skip: 0,
    where: { agent: id, status: 'ACTIVE' },
    orderBy: 'price',
    orderDirection: 'asc',
  });
  const sales = useSales(SALES, { agent: id }, (sale) => sale.agent?.id === id);
  const list = useHeldList(sales.sales, SALES);
  const [buying, setBuying] = useState<ListingRowFragment | null>(null);
  const agent = data?.agent ?? undefined;
  const name = agentName(agent ?? { id });

  if (error || (!agent && !loading)) {
    return (
      <div className="page">
        <title>{`${name} · AiOS Studio`}</title>
        <h1>{name}</h1>
        {error ? (
          <ErrorState what="The agent could not be loaded." error={error} onRetry={refetch} />
        ) : (
          <EmptyState title="No such agent is indexed.">
            See what is for sale on the{' '}
            <Link className="link" to="/market">
              market
            </Link>
            .
          </EmptyState>
        )}
      </div>
    );
  }
  return (
    <div className="page">
      <title>{`${name} · AiOS Studio`}</title>
      <div className="page-head">
        <div className="page-head-text">
          <div className="page-title">
            <h1>{agent ? name : <Skeleton width="220px" />}</h1>
            {agent && !agent.active && <span className="badge">Inactive</span>}
          </div>
          <div className="page-sub">
            {agent ? (
              <>
                <span className="num">Agent {id}</span>
                <span>
                  by <Address value={agent.creator} />
                </span>
                <span>
                  registered <Time at={agent.createdAt} />
                </span>
              </>
            ) : (
              <Skeleton width="260px" />
            )}
          </div>
        </div>
      </div>
      <AgentTabs id={id} />
      <Totals
        label="Counts"
        totals={[
          { name: 'Licences', value: agent && <Count value={agent.licenceCount} /> },
          { name: 'For sale', value: listings.data && <Count value={listings.data.listings.length} /> },
          { name: 'Sales', value: agent && <Count value={agent.saleCount} /> },
          { name: 'Volume', value: agent && <Amount value={agent.volume} compact /> },
        ]}
      />
      <div
        className="columns columns-main"
        data-loading={!agent || !(listings.data || listings.error) || !(sales.sales || sales.error)}
      >
        <div>
          <section className="section" aria-labelledby="for-sale">
            <div className="section-head">
              <h2 id="for-sale">For sale</h2>
            </div>
            {listings.error ? (
              <ErrorState
                what="The listings could not be loaded."
                error={listings.error}
                onRetry={listings.refetch}
              />
            ) : listings.data?.listings.length === 0 ? (
              <EmptyState title="No licence is for sale now.">
                One that is listed appears here at once.
              </EmptyState>
            ) : (
              <ListingTable listings={listings.data?.listings} rows={3} onBuy={setBuying} withoutAgent />
            )}
          </section>
          <section className="section" aria-labelledby="agent-sales" {...list.hover}>
            <div className="section-head">
              <h2 id="agent-sales">Sales</h2>
              <HoldControl list={list} name="sales" />
            </div>
            {sales.error ? (
              <ErrorState what="The sales could not be loaded." error={sales.error} onRetry={sales.refetch} />
            ) : sales.sales?.length === 0 ? (
              <EmptyState title="No licence has been sold yet." />
            ) : (
              <SaleTable sales={sales.sales && list.shown} rows={6} isNew={list.isNew} withoutAgent />
            )}
          </section>
        </div>
        <div>
          <About agent={agent} />
          <Facts agent={agent} />
          <Licences agent={agent} />
        </div>
      </div>
      {buying && <BuyDialog listing={buying} onClose={() => setBuying(null)} />}
    </div>
  );
}

/** What its metadata document says: its publisher's words, so links carry no trust. */
function About({ agent }: { readonly agent: Agent | undefined }) {
  const metadata = agent?.metadata;
  return (
    <section className="section" aria-labelledby="about">
      <div className="section-head">
        <h2 id="about">About</h2>
      </div>
      <div className="aside-body">
        {!agent ? (
          <>
            <Skeleton width="90%" />
            <br />
            <Skeleton width="60%" />
          </>
        ) : metadata ? (
          <>
            <p className="prose">{metadata.description || 'No description.'}</p>
            {(metadata.publisher || metadata.site) && (
              <p>
                {metadata.publisher}
                {metadata.publisher && metadata.site && ' · '}
                {metadata.site && <SiteLink url={metadata.site} />}
              </p>
            )}
            {metadata.category && (
              <div className="tags">
                <span className="badge">{metadata.category}</span>
              </div>
            )}
          </>
        ) : (
          <p className="muted">Its metadata document has not been published here.</p>
        )}
      </div>
    </section>
  );
}

function Facts({ agent }: { readonly agent: Agent | undefined }) {
  return (
    <section className="section" aria-labelledby="facts">
      <div className="section-head">
        <h2 id="facts">On the chain</h2>
      </div>
      <dl className="facts">
        <div>
          <dt>Creator</dt>
          <dd>{agent ? <Address value={agent.creator} /> : <Skeleton width="110px" />}</dd>
        </div>
        {agent?.creatorAccount?.did && (
          <div>
            <dt>Creator’s DID</dt>
            <dd>
              <Hash value={agent.creatorAccount.did} label="DID" head={15} />
            </dd>
          </div>
        )}
        <div>
          <dt>Metadata</dt>
          <dd>
            {agent ? <Hash value={agent.metadataCID} label="CID" head={12} /> : <Skeleton width="150px" />}
          </dd>
        </div>
        <div>
          <dt>Registered</dt>
          <dd>
            {agent ? (
              <span>
                <Time at={agent.createdAt} />
                <span className="muted">
                  {' '}
                  · block <Count value={agent.createdAtBlock} />
                </span>
              </span>
            ) : (
              <Skeleton width="120px" />
            )}
          </dd>
        </div>
        <div>
          <dt>Transaction</dt>
          <dd>
            {agent ? (
              <Hash value={agent.createdTransaction} label="transaction hash" />
            ) : (
              <Skeleton width="130px" />
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Licences({ agent }: { readonly agent: Agent | undefined }) {
  return (
    <section className="section" aria-labelledby="licences">
      <div className="section-head">
        <h2 id="licences">Licences</h2>
      </div>
      {agent?.licences.length === 0 ? (
        <EmptyState title="No licence has been minted." />
      ) : (
        <table className="list" aria-busy={!agent}>
          <thead>
            <tr>
              <th scope="col">Licence</th>
              <th scope="col" className="w-a">
                Owner
              </th>
              <th scope="col" className="r w-s">
                Royalty
              </th>
            </tr>
          </thead>
          <tbody>
            {agent ? (
              agent.licences.map((licence) => (
                <tr key={licence.id}>
                  <td className="num">
                    {licence.id} {licence.burned && <span className="muted">burned</span>}
                  </td>
                  <td>
                    <Address value={licence.owner} />
                  </td>
                  <td className="r num">{formatBps(licence.royaltyBps)}</td>
                </tr>
              ))
            ) : (
              <SkeletonRows rows={5} columns={['', '', 'r']} />
            )}
          </tbody>
        </table>
      )}
    </section>
  );
}
