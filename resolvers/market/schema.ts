// The market's part of the supergraph: listing, buying, and the stream of sales.
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { referenceTo } from '#schema/references.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import { defineActionMutations } from '../actions/mutations.ts';
import type { EntityEvent, EntityEvents } from '../events/entity-events.ts';
import type { MarketActions } from './market-actions.ts';

export const marketAlias = 'market';

export interface MarketServices {
  readonly actions: MarketActions;
  readonly runner: ActionRunner;
  readonly events: EntityEvents;
}

/** The subgraph `market` (service side; the indexed one stands under another name). */
export function createMarketSchema(services: MarketServices): Subgraph {
  const { actions, runner, events } = services;
  const builder = createBuilder<OperationContext>();
  builder.mutationType({});
  builder.subscriptionType({});
  const { act, payload, from, waitFor } = defineActionMutations(builder, { runner, alias: marketAlias });
  const Listing = referenceTo(builder, 'Listing');
  const Sale = referenceTo(builder, 'Sale');

  const ListAgentInput = builder.inputType('ListAgentInput', {
    description: 'What to list: a licence you hold, a new licence to your agent, or a new agent.',
    fields: (t) => ({
      licenceId: t.id({ description: 'A licence you hold.' }),
      agentId: t.id({ description: 'An agent you registered; a licence to it is minted.' }),
      metadataCID: t.string({ description: 'Metadata of a new agent, which is registered first.' }),
      royaltyBps: t.int({
        description: 'Royalty of a new licence, 500 to 1500 basis points; 500 when left out.',
      }),
      price: t.field({ type: 'BigInt', required: true, description: 'AiOS, smallest unit.' }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const BuyAgentInput = builder.inputType('BuyAgentInput', {
    description: 'What to buy.',
    fields: (t) => ({
      listingId: t.id({ required: true, description: 'An active listing.' }),
      maxPrice: t.field({ type: 'BigInt', description: 'Refuse to pay more; its price now when left out.' }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const requiresScopes = [['write']];
  builder.mutationFields((t) => ({
    listAgent: t.field({
      type: payload('ListAgentPayload', 'listing', Listing),
      requiresScopes,
      description:
        'Offers a licence to an agent on the marketplace, registering and minting first where needed.',
      args: { input: t.arg({ type: ListAgentInput, required: true }) },
      resolve: (_root, { input }, context) => act(context, input, () => actions.list(input)),
    }),
    buyAgent: t.field({
      type: payload('BuyAgentPayload', 'sale', Sale),
      requiresScopes,
      description: 'Buys a listing.',
      args: { input: t.arg({ type: BuyAgentInput, required: true }) },
      resolve: (_root, { input }, context) => act(context, input, () => actions.buy(input)),
    }),
  }));

  const SaleEvent = builder.objectRef<EntityEvent>('SaleEvent');
  builder.objectType(SaleEvent, {
    description: 'A sale, or the undoing of one.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Where to go on after it.' }),
      reverted: t.exposeBoolean('reverted', {
        description: 'True when a reorganisation undid the sale; the sale is then null.',
      }),
      saleId: t.field({
        type: 'Bytes',
        description: 'Its id, also when it is gone.',
        resolve: ({ id }) => id,
      }),
      sale: t.field({
        type: Sale,
        nullable: true,
        description: 'The sale.',
        resolve: ({ id, reverted }) => (reverted ? null : { id }),
      }),
    }),
  });
  builder.subscriptionField('saleEvents', (t) =>
    t.field({
      type: SaleEvent,
      description: 'Sales as they happen: in order, without gaps, resumable by cursor.',
      args: { after: t.arg.string({ description: 'A cursor; from now on when left out.' }) },
      subscribe: (_root, { after }, { signal }) =>
        events.subscribe({ alias: marketAlias, entity: 'Sale', after, signal }),
      resolve: (event) => event,
    }),
  );
  // graphql-js wants a query type; the gateway never sees this field.
  builder.queryType({
    fields: (t) => ({
      marketService: t.boolean({
        inaccessible: true,
        description: 'Whether the service answers.',
        resolve: () => true,
      }),
    }),
  });

  return toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'market-service');
}
