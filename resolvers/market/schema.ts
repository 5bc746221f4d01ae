// The market's part of the supergraph: listing, buying, and the stream of sales.
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import type { ActionRunner, WaitFor as WaitForValue } from '../actions/action-runner.ts';
import { type ActionPayload, toPayload } from '../actions/payload.ts';
import { defineActionTypes } from '../actions/schema.ts';
import type { EntityEvent, EntityEvents } from '../events/entity-events.ts';
import { asData, orError } from '../user-errors.ts';
import type { MarketAction, MarketActions } from './market-actions.ts';

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
  const { WaitFor, Transaction } = defineActionTypes(builder);
  /** An entity of the indexed market that only needs to be referred to. */
  const reference = (name: string) => {
    const ref = builder.externalRef(
      name,
      builder.keyDirective(builder.selection<{ id: string }>('id'), false),
    );
    ref.implement({ externalFields: (t) => ({ id: t.id({ nullable: false }) }) });
    return ref;
  };
  const Listing = reference('Listing');
  const Sale = reference('Sale');

  const act = async (
    context: OperationContext,
    input: { from?: string | null; waitFor?: WaitForValue | null },
    make: () => MarketAction,
  ): Promise<ActionPayload> => {
    const done = await orError(async () => {
      if (!context.viewer) throw new AiosError('UNAUTHENTICATED', 'Sign in first.');
      const { plan, entityOf } = make();
      const outcome = await runner.run({
        viewer: context.viewer,
        from: input.from,
        waitFor: input.waitFor ?? 'INDEXED',
        alias: marketAlias,
        plan,
        signal: context.signal,
      });
      return toPayload(context, outcome, entityOf);
    });
    return { transaction: null, entityId: null, ...done };
  };
  const payload = (name: string, field: string, type: typeof Listing) => {
    const ref = builder.objectRef<ActionPayload>(name);
    builder.objectType(ref, {
      description: 'What became of the action.',
      fields: (t) => ({
        transaction: t.field({
          type: Transaction,
          nullable: true,
          description: 'Its last transaction.',
          resolve: ({ transaction }) => transaction,
        }),
        [field]: t.field({
          type,
          nullable: true,
          description: 'What came of it; null until it is indexed.',
          resolve: ({ entityId }) => (entityId === null ? null : { id: entityId }),
        }),
        error: t.field({
          type: AiosError,
          nullable: true,
          description: 'Set when it was refused.',
          resolve: (done) => asData(done.error),
        }),
      }),
    });
    return ref;
  };

  const from = 'Address that acts: one of yours or a published devnet account; your first one when left out.';
  const waitFor = { type: WaitFor, defaultValue: 'INDEXED', description: 'When to answer.' } as const;
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
