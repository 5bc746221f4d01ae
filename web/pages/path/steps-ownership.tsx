// The steps that make somebody an owner: a network to deploy in, a licence to deploy under.
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Link } from 'react-router';
import { ActionForm } from '../../actions/action-form.tsx';
import { BuyDialog } from '../../actions/market-dialogs.tsx';
import { useOwnAddresses } from '../../actions/use-platform.ts';
import { useLive } from '../../client/use-live.ts';
import {
  AgentDeploymentsDocument,
  CreateNetworkDocument,
  type ListingRowFragment,
  ListingsDocument,
  NetworkNameDocument,
} from '../../generated/graphql.ts';
import { ListingTable } from '../../lists/listing-table.tsx';
import { useOwnLicences, usePlaces } from '../../studio/use-places.ts';
import { agentName } from '../../ui/metadata.ts';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';

const LISTINGS = 5;

export function NetworkSummary({ id }: { readonly id: string }) {
  const { data } = useQuery(NetworkNameDocument, { variables: { id } });
  return (
    <Link className="link" to={`/networks/${id}`}>
      {data?.network?.name ?? `Network ${id}`}
    </Link>
  );
}

export function NetworkStep({ onDone }: { readonly onDone: (network: string) => void }) {
  const { places, error, refetch } = usePlaces();
  const [chosen, choose] = useState<string | null>(null);
  if (error) return <ErrorState what="Your networks could not be loaded." error={error} onRetry={refetch} />;
  if (!places) return <Skeleton width="240px" />;
  const selected = chosen ?? places[0]?.id;
  return (
    <>
      <p>Agents work in a network: its owner, admins, operators and members deploy there.</p>
      {places.length > 0 && (
        <div className="path-choice">
          <div className="field">
            <label htmlFor="path-network">Network of yours</label>
            <select
              id="path-network"
              className="input"
              value={selected}
              onChange={(event) => choose(event.target.value)}
            >
              {places.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div className="form-actions">
            <button
              type="button"
              className="button button-primary"
              onClick={() => selected !== undefined && onDone(selected)}
            >
              Use it
            </button>
          </div>
        </div>
      )}
      <NewNetwork open={places.length === 0} onDone={onDone} />
    </>
  );
}

function NewNetwork({
  open,
  onDone,
}: {
  readonly open: boolean;
  readonly onDone: (network: string) => void;
}) {
  const form = (
    <div className="path-choice">
      <ActionForm
        document={CreateNetworkDocument}
        payload={(data) => data.createNetwork}
        input={(fields, from) => ({
          name: String(fields.get('name')).trim(),
          metadataURI: '',
          isPublic: true,
          from,
        })}
        indexed={(result) => result.network !== null}
        onDone={(result) => result.network && onDone(result.network.id)}
        submit="Create network"
      >
        <div className="field">
          <label htmlFor="path-network-name">Name of the network</label>
          <input
            id="path-network-name"
            name="name"
            className="input"
            required
            maxLength={64}
            autoComplete="off"
          />
        </div>
      </ActionForm>
    </div>
  );
  return open ? (
    form
  ) : (
    <details className="path-more">
      <summary>Or create another one</summary>
      {form}
    </details>
  );
}

export function LicenceSummary({ id, agent }: { readonly id: string; readonly agent: string | undefined }) {
  const { data } = useQuery(AgentDeploymentsDocument, {
    variables: { id: agent ?? '' },
    skip: agent === undefined,
  });
  return (
    <>
      <span className="num">Licence {id}</span>
      {agent !== undefined && (
        <Link className="link" to={`/agents/${agent}`}>
          {agentName(data?.agent ?? { id: agent })}
        </Link>
      )}
    </>
  );
}

export function LicenceStep({ onDone }: { readonly onDone: (licence: string, agent: string) => void }) {
  const own = useOwnAddresses();
  const { licences } = useOwnLicences();
  const [buying, setBuying] = useState<ListingRowFragment | null>(null);
  const [elsewhere, setElsewhere] = useState(false);
  const { data, error, refetch } = useLive(ListingsDocument, {
    first: LISTINGS,
    skip: 0,
    where: { status: 'ACTIVE', agent_not: null, seller_not_in: [...own] },
    orderBy: 'price',
    orderDirection: 'asc',
  });
  const held = licences ?? [];
  return (
    <>
      <p>A version of an agent is bound to a licence, an NFT: whoever holds it may deploy and run.</p>
      {held.length > 0 && (
        <ul className="path-held" aria-label="Licences you hold">
          {held.slice(0, LISTINGS).map(({ id, agent }) => (
            <li key={id}>
              <button type="button" className="button button-small" onClick={() => onDone(id, agent.id)}>
                Use licence {id}
              </button>
              <span className="muted">{agentName(agent)}</span>
            </li>
          ))}
        </ul>
      )}
      {error ? (
        <ErrorState what="The listings could not be loaded." error={error} onRetry={refetch} />
      ) : data?.listings.length === 0 ? (
        <EmptyState title="No licence is for sale now.">
          One that is listed appears here at once. You can list an agent of your own on the{' '}
          <Link className="link" to="/market">
            market
          </Link>
          .
        </EmptyState>
      ) : (
        <ListingTable listings={data?.listings} rows={LISTINGS} onBuy={setBuying} />
      )}
      {elsewhere && (
        <p className="notice">
          That licence went to another account than yours. Buy one from your own account to deploy under it.
        </p>
      )}
      {buying && (
        <BuyDialog
          listing={buying}
          onClose={() => setBuying(null)}
          onBought={({ buyer, licence, agent }) => {
            const mine = own.includes(buyer);
            setElsewhere(!mine);
            if (mine && licence && agent) onDone(licence.id, agent.id);
          }}
        />
      )}
    </>
  );
}
