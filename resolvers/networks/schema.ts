// Networks' part of the supergraph: profiles on the indexed Network, search, actions, and the stream of new networks.

import DataLoader from 'dataloader';
import { AiosError } from '#node/platform/errors.ts';
import { type ServiceChange, serviceChangeTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { extensionOf, type Reference, referenceTo } from '#schema/references.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import { defineActionMutations } from '../actions/mutations.ts';
import type { EntityEvent, EntityEvents } from '../events/entity-events.ts';
import { asData, orError } from '../user-errors.ts';
import { viewerOf } from '../viewer.ts';
import type { NetworkActions } from './network-actions.ts';
import type { NetworkProfile } from './profile.ts';
import type { ProfileStore } from './profile-store.ts';
import type { NetworkSearch, SearchHit, SearchPage, Visibility as VisibilityValue } from './search.ts';
import { directoryAlias } from './search-projection.ts';

export interface NetworksServices {
  readonly profiles: ProfileStore;
  readonly search: NetworkSearch;
  readonly actions: NetworkActions;
  readonly runner: ActionRunner;
  readonly events: EntityEvents;
  readonly bus: EventBus;
}

interface NetworksContext extends OperationContext {
  readonly profileOf: DataLoader<string, NetworkProfile | null>;
}

/** A reference to an entity that the directory owns; the gateway fetches the rest. */
const profileTopic = (networkId: string) => `networks.profile:${networkId}`;

/** The subgraph `networks` over its services. */
export function createNetworksSchema(services: NetworksServices): Subgraph {
  const { profiles, search, actions, runner, events, bus } = services;
  const builder = createBuilder<NetworksContext>();
  builder.queryType({});
  builder.mutationType({});
  builder.subscriptionType({});
  const { act, payload, from, waitFor } = defineActionMutations(builder, { runner, alias: directoryAlias });

  const Profile = builder.objectRef<NetworkProfile>('NetworkProfile');
  builder.objectType(Profile, {
    description: 'What a network says about itself, off chain.',
    fields: (t) => ({
      description: t.exposeString('description', { nullable: true, description: 'Plain text.' }),
      site: t.exposeString('site', { nullable: true, description: 'An http or https URL.' }),
      tags: t.exposeStringList('tags', { description: 'Lower-case words, at most 16.' }),
      logoCid: t.exposeString('logoCid', { nullable: true, description: 'CID of an image.' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
    }),
  });

  const Network = extensionOf(builder, 'Network');
  Network.implement({
    description: 'The profile of a network, and what the viewer may do with it.',
    externalFields: (t) => ({
      id: t.id({ nullable: false }),
      owner: t.field({ type: 'Bytes', nullable: false }),
    }),
    fields: (t) => ({
      profile: t.field({
        type: Profile,
        nullable: true,
        description: 'Null until its owner or an admin writes one.',
        resolve: ({ id }, _args, context) => {
          context.reads.addTopic(profileTopic(id));
          return context.profileOf.load(id);
        },
      }),
      viewerCanEdit: t.boolean({
        nullable: false,
        description: 'Whether the viewer owns the network or holds ADMIN in it, on chain.',
        requires: builder.selection<{ owner: string }>('owner'),
        resolve: ({ id, owner }, _args, context) => actions.mayEdit(context.viewer, id, owner),
      }),
    }),
  });
  const Community = referenceTo(builder, 'Community');
  const Environment = referenceTo(builder, 'Environment');
  const RoleGrant = referenceTo(builder, 'RoleGrant');

  // ------------------------------------------------------------------ search

  const Visibility = builder.enumType('Visibility', {
    description: 'Whether a network asks to be listed. Both kinds are indexed, for everybody to read.',
    values: {
      PUBLIC: { description: 'Listed.' },
      PRIVATE: { description: 'Not listed unless asked for.' },
    } as const,
  });
  const TagFacet = builder.objectRef<{ value: string; count: number }>('TagFacet');
  builder.objectType(TagFacet, {
    description: 'A tag among the matches.',
    fields: (t) => ({
      value: t.exposeString('value', { description: 'The tag.' }),
      count: t.exposeInt('count', {
        description: 'Matches that have it; above 4,000 matches an estimate from a sample.',
      }),
    }),
  });
  const VisibilityFacet = builder.objectRef<{ value: VisibilityValue; count: number }>('VisibilityFacet');
  builder.objectType(VisibilityFacet, {
    description: 'How many matches are listed, and how many are not.',
    fields: (t) => ({
      value: t.expose('value', { type: Visibility, description: 'Which.' }),
      count: t.exposeInt('count', { description: 'Matches, the visibility filter left aside.' }),
    }),
  });
  const Facets = builder.objectRef<SearchPage['facets']>('NetworkFacets');
  builder.objectType(Facets, {
    description: 'Counts over all matches, for narrowing a search.',
    fields: (t) => ({
      tags: t.field({
        type: [TagFacet],
        description: 'Commonest first, at most 20.',
        resolve: ({ tags }) => [...tags],
      }),
      visibility: t.field({
        type: [VisibilityFacet],
        description: 'Listed and unlisted.',
        resolve: ({ visibility }) => [...visibility],
      }),
    }),
  });
  const Edge = builder.objectRef<SearchHit>('NetworkSearchEdge');
  const asReference = ({ networkId }: SearchHit): Reference => ({ id: networkId });
  builder.objectType(Edge, {
    description: 'A network that was found.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'For `after`.' }),
      score: t.exposeFloat('score', {
        description: 'How well it matches; comparable within one search only.',
      }),
      node: t.field({ type: Network, nullable: true, description: 'The network.', resolve: asReference }),
      network: t.field({
        type: Network,
        nullable: true,
        description: 'The same as node; null when a reorganisation has just removed it.',
        resolve: asReference,
      }),
    }),
  });
  const Connection = builder.objectRef<SearchPage & { readonly after: boolean }>('NetworkSearchConnection');
  builder.objectType(Connection, {
    description: 'A page of a search, best first.',
    fields: (t) => ({
      totalCount: t.exposeInt('totalCount', { description: 'All matches.' }),
      edges: t.field({ type: [Edge], description: 'This page.', resolve: ({ hits }) => [...hits] }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where this page stands.',
        resolve: ({ hits, hasNextPage, after }) => ({
          hasNextPage,
          hasPreviousPage: after,
          startCursor: hits[0]?.cursor ?? null,
          endCursor: hits.at(-1)?.cursor ?? null,
        }),
      }),
      facets: t.expose('facets', { type: Facets, description: 'Counts over all matches.' }),
    }),
  });
  builder.queryField('searchNetworks', (t) =>
    t.field({
      type: Connection,
      description:
        'Networks by words of name, tags and description, typing mistakes forgiven; all of them, newest first, without words.',
      args: {
        query: t.arg.string({ description: 'Words; the last may be unfinished.' }),
        tags: t.arg.stringList({ description: 'Tags that must all be there.' }),
        visibility: t.arg({ type: Visibility, description: 'PUBLIC when left out.' }),
        first: t.arg.int({ description: 'Page size, 20 when left out, at most 100.' }),
        after: t.arg.string({ description: 'Cursor of the last edge of the page before.' }),
      },
      resolve: async (_root, args) => ({ ...(await search.search(args)), after: Boolean(args.after) }),
    }),
  );

  // ------------------------------------------------------------------ profile

  const error = { type: AiosError, nullable: true, description: 'Set when it was refused.' } as const;
  interface ProfilePayload {
    readonly network?: Reference;
    readonly error?: AiosError;
  }
  const ProfilePayloadRef = builder.objectRef<ProfilePayload>('UpdateNetworkProfilePayload');
  builder.objectType(ProfilePayloadRef, {
    description: 'The network with its new profile, or why it was refused.',
    fields: (t) => ({
      network: t.field({
        type: Network,
        nullable: true,
        description: 'The network.',
        resolve: (payload) => payload.network,
      }),
      error: t.field({ ...error, resolve: (payload) => asData(payload.error) }),
    }),
  });
  const ProfileInput = builder.inputType('UpdateNetworkProfileInput', {
    description: 'What to change: a field left out stays, null clears it.',
    fields: (t) => ({
      networkId: t.id({ required: true, description: 'Which network.' }),
      description: t.string({ description: 'At most 2,000 characters.' }),
      site: t.string({ description: 'An http or https URL, at most 300 characters.' }),
      tags: t.stringList({ description: 'At most 16 of at most 32 letters, digits and "-".' }),
      logoCid: t.string({ description: 'A CID.' }),
    }),
  });
  builder.mutationField('updateNetworkProfile', (t) =>
    t.field({
      type: ProfilePayloadRef,
      requiresScopes: [['write']],
      description: "Changes a network's profile. For its on-chain owner and admins.",
      args: { input: t.arg({ type: ProfileInput, required: true }) },
      resolve: (_root, { input: { networkId, ...change } }, context) =>
        orError(async (): Promise<ProfilePayload> => {
          const viewer = viewerOf(context);
          await actions.requireEditor(viewer, networkId);
          await profiles.update(networkId, change, viewer.did);
          context.profileOf.clear(networkId);
          await bus.transaction((transaction) =>
            transaction.signal(serviceChangeTopic, {
              topics: [profileTopic(networkId)],
            } satisfies ServiceChange),
          );
          return { network: { id: networkId } };
        }),
    }),
  );

  // ------------------------------------------------------------------ actions

  const NetworkRole = builder.enumType('NetworkRole', {
    description: 'The roles a network knows by name.',
    values: {
      ADMIN: { description: 'Governs it as the owner does.' },
      OPERATOR: { description: 'Adds and removes environments.' },
      MEMBER: { description: 'Takes part.' },
      AUDITOR: { description: 'Looks on.' },
    } as const,
  });
  const CreateNetworkInput = builder.inputType('CreateNetworkInput', {
    description: 'A new network.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'At most 100 bytes.' }),
      metadataURI: t.string({ description: 'At most 512 bytes.' }),
      isPublic: t.boolean({ required: true, description: 'Whether it asks to be listed.' }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const AddCommunityInput = builder.inputType('AddCommunityInput', {
    description: 'A new community of a network.',
    fields: (t) => ({
      networkId: t.id({ required: true, description: 'Which network.' }),
      name: t.string({ required: true, description: 'At most 100 bytes.' }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const AddEnvironmentInput = builder.inputType('AddEnvironmentInput', {
    description: 'A new environment of a network or of one of its communities.',
    fields: (t) => ({
      networkId: t.id({ required: true, description: 'Which network.' }),
      communityId: t.id({ description: 'Which community; the whole network when left out.' }),
      name: t.string({ required: true, description: 'At most 100 bytes.' }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const GrantRoleInput = builder.inputType('GrantRoleInput', {
    description: 'A role for an account.',
    fields: (t) => ({
      networkId: t.id({ required: true, description: 'Which network.' }),
      role: t.field({ type: NetworkRole, required: true, description: 'Which role.' }),
      account: t.field({ type: 'Bytes', required: true, description: 'Address that receives it.' }),
      from: t.string({ description: from }),
      waitFor: t.field(waitFor),
    }),
  });
  const requiresScopes = [['write']];
  builder.mutationFields((t) => ({
    createNetwork: t.field({
      type: payload('CreateNetworkPayload', 'network', Network),
      requiresScopes,
      description: 'Creates a network, owned by the acting address.',
      args: { input: t.arg({ type: CreateNetworkInput, required: true }) },
      resolve: (_root, { input }, context) => act(context, input, () => actions.createNetwork(input)),
    }),
    addCommunity: t.field({
      type: payload('AddCommunityPayload', 'community', Community),
      requiresScopes,
      description: 'Adds a community; for the owner and admins.',
      args: { input: t.arg({ type: AddCommunityInput, required: true }) },
      resolve: (_root, { input }, context) => act(context, input, () => actions.addCommunity(input)),
    }),
    addEnvironment: t.field({
      type: payload('AddEnvironmentPayload', 'environment', Environment),
      requiresScopes,
      description: 'Adds an environment; for the owner, admins and operators.',
      args: { input: t.arg({ type: AddEnvironmentInput, required: true }) },
      resolve: (_root, { input }, context) => act(context, input, () => actions.addEnvironment(input)),
    }),
    grantRole: t.field({
      type: payload('GrantRolePayload', 'roleGrant', RoleGrant),
      requiresScopes,
      description: 'Grants a role; for the owner and admins.',
      args: { input: t.arg({ type: GrantRoleInput, required: true }) },
      resolve: (_root, { input }, context) => act(context, input, () => actions.grantRole(input)),
    }),
  }));

  // ------------------------------------------------------------------ events

  const NetworkEvent = builder.objectRef<EntityEvent>('NetworkEvent');
  builder.objectType(NetworkEvent, {
    description: 'A network that came into being, or whose creation was undone.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Where to go on after it.' }),
      reverted: t.exposeBoolean('reverted', {
        description: 'True when a reorganisation undid the creation; the network is then null.',
      }),
      networkId: t.exposeID('id', { description: 'Its id, also when it is gone.' }),
      network: t.field({
        type: Network,
        nullable: true,
        description: 'The network.',
        resolve: ({ id, reverted }) => (reverted ? null : { id }),
      }),
    }),
  });
  builder.subscriptionField('networkEvents', (t) =>
    t.field({
      type: NetworkEvent,
      description: 'Networks as they are created: in order, without gaps, resumable by cursor.',
      args: { after: t.arg.string({ description: 'A cursor; from now on when left out.' }) },
      subscribe: (_root, { after }, { signal }) =>
        events.subscribe({ alias: directoryAlias, entity: 'Network', after, signal }),
      resolve: (event) => event,
    }),
  );

  return toSubgraph<NetworksContext>(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'networks', {
    context: (operation) => ({
      ...operation,
      profileOf: new DataLoader((ids) => profiles.load(ids)),
    }),
  });
}
