// Buying a licence, and putting an agent up for sale.
import { useQuery } from '@apollo/client/react';
import { useNavigate } from 'react-router';
import {
  BuyAgentDocument,
  FeePoliciesDocument,
  ListAgentDocument,
  type ListingRowFragment,
  type SaleRowFragment,
} from '../generated/graphql.ts';
import { Dialog } from '../ui/dialog.tsx';
import { formatAmount, formatBps, parseAmount } from '../ui/format.ts';
import { agentName } from '../ui/metadata.ts';
import { Address, Amount } from '../ui/values.tsx';
import { ActionForm } from './action-form.tsx';

export function BuyDialog({
  listing,
  onClose,
  onBought,
}: {
  readonly listing: ListingRowFragment;
  readonly onClose: () => void;
  readonly onBought?: (sale: SaleRowFragment) => void;
}) {
  const { data } = useQuery(FeePoliciesDocument);
  const policy = data?.feePolicies[0];
  const fee = policy && (BigInt(listing.price) * BigInt(policy.feeBps)) / 10_000n;
  return (
    <Dialog
      title={listing.agent ? `Buy a licence to ${agentName(listing.agent)}` : `Buy token ${listing.tokenId}`}
      onClose={onClose}
    >
      <dl className="facts">
        <div>
          <dt>Licence</dt>
          <dd className="num">{listing.licence?.id ?? listing.tokenId}</dd>
        </div>
        <div>
          <dt>Seller</dt>
          <dd>
            <Address value={listing.seller} />
          </dd>
        </div>
        <div>
          <dt>Price</dt>
          <dd>
            <Amount value={listing.price} />
          </dd>
        </div>
        <div>
          <dt>Of which fee</dt>
          <dd>
            {policy && fee !== undefined ? (
              <span>
                <Amount value={fee.toString()} />{' '}
                <span className="muted num">{formatBps(policy.feeBps)}</span>
              </span>
            ) : (
              <span className="muted">–</span>
            )}
          </dd>
        </div>
        {listing.licence && (
          <div>
            <dt>Creator’s royalty</dt>
            <dd className="num">{formatBps(listing.licence.royaltyBps)} on resale</dd>
          </div>
        )}
      </dl>
      <div style={{ height: 12 }} />
      <ActionForm
        document={BuyAgentDocument}
        payload={(result) => result.buyAgent}
        input={(_, from) => ({ listingId: listing.id, maxPrice: listing.price, from })}
        indexed={(result) => result.sale !== null}
        onDone={({ sale }) => {
          onClose();
          if (sale) onBought?.(sale);
        }}
        submit={`Buy for ${formatAmount(listing.price)} AiOS`}
      >
        {null}
      </ActionForm>
    </Dialog>
  );
}

export function ListAgentDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <Dialog title="List an agent" onClose={onClose}>
      <ActionForm
        document={ListAgentDocument}
        payload={(result) => result.listAgent}
        input={(form, from) => {
          const price = parseAmount(String(form.get('price')));
          if (!price) throw new Error('The price is an amount of AiOS above zero, such as 250 or 12.5.');
          const royalty = Number(form.get('royalty'));
          if (!(royalty >= 5 && royalty <= 15)) throw new Error('The royalty is between 5% and 15%.');
          return {
            metadataCID: String(form.get('cid')).trim(),
            royaltyBps: Math.round(royalty * 100),
            price,
            from,
          };
        }}
        indexed={(result) => result.listing !== null}
        onDone={(result) => {
          onClose();
          if (result.listing?.agent) void navigate(`/agents/${result.listing.agent.id}`);
        }}
        submit="Register, mint and list"
      >
        <p className="muted">
          Registers the agent, mints one licence to it, and offers the licence on the market.
        </p>
        <div className="field">
          <label htmlFor="cid">Metadata CID</label>
          <input id="cid" name="cid" className="input mono" required spellCheck={false} placeholder="bafy…" />
          <span className="hint">Where the agent’s description can be fetched from IPFS.</span>
        </div>
        <div className="field">
          <label htmlFor="price">Price, AiOS</label>
          <input
            id="price"
            name="price"
            className="input num"
            required
            inputMode="decimal"
            placeholder="250"
          />
        </div>
        <div className="field">
          <label htmlFor="royalty">Royalty on resale, %</label>
          <input
            id="royalty"
            name="royalty"
            className="input num"
            type="number"
            min="5"
            max="15"
            step="0.5"
            defaultValue="10"
          />
        </div>
      </ActionForm>
    </Dialog>
  );
}
