// The public door of status: what runs, how far it has come, and where the contracts are.
import type { BlockPointer, OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import type {
  ChainStatus,
  ChainStatusSource,
  DeploymentStatus,
  DeploymentStatusSource,
  PlatformInfo,
  PlatformInfoSource,
} from './sources.ts';

export type * from './sources.ts';

export interface StatusDependencies {
  readonly deployments: DeploymentStatusSource;
  readonly chains: ChainStatusSource;
  readonly platform: PlatformInfoSource;
}

/** Blocks between a deployment's head and its chain's; null while either is unknown. */
export function lagOf(head: BlockPointer | null, chainHead: BlockPointer | null): number | null {
  return head && chainHead ? Math.max(chainHead.number - head.number, 0) : null;
}

/** The subgraph `status`. */
export function createStatusSubgraph(dependencies: StatusDependencies): Subgraph {
  const builder = createBuilder<OperationContext>();
  type Block = BlockPointer & { readonly timestamp?: Date | null };
  const BlockRef = builder.objectRef<Block>('BlockRef');
  builder.objectType(BlockRef, {
    description: 'A block of a chain.',
    fields: (t) => ({
      number: t.exposeInt('number', { description: 'Its height.' }),
      hash: t.exposeString('hash', { nullable: true, description: 'Lower-case 0x hex.' }),
      timestamp: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was made, as the chain says.',
        resolve: ({ timestamp }) => timestamp,
      }),
    }),
  });
  const ErrorRef = builder.objectRef<NonNullable<DeploymentStatus['error']>>('DeploymentError');
  builder.objectType(ErrorRef, {
    description: 'Why a deployment stopped.',
    fields: (t) => ({
      message: t.exposeString('message', { description: 'What went wrong.' }),
      block: t.exposeInt('block', { nullable: true, description: 'At which block.' }),
      handler: t.exposeString('handler', { nullable: true, description: 'In which handler of the mapping.' }),
    }),
  });
  const Deployment = builder.objectRef<DeploymentStatus>('DeploymentStatus');
  const block = { type: BlockRef, nullable: true } as const;
  builder.objectType(Deployment, {
    description: 'An indexed subgraph, and how far it has come.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Content id of what is deployed.' }),
      name: t.exposeString('name', { description: 'Under which it is served at /subgraphs/name/….' }),
      alias: t.exposeString('alias', { nullable: true, description: 'Its name in the supergraph.' }),
      chain: t.exposeString('chain', { description: 'Which chain it indexes.' }),
      synced: t.exposeBoolean('synced', {
        description: 'Whether it has reached the head of its chain once.',
      }),
      health: t.exposeString('health', { description: 'healthy, unhealthy or failed.' }),
      head: t.field({ ...block, description: 'Its newest block.', resolve: ({ head }) => head }),
      chainHead: t.field({ ...block, description: "Its chain's.", resolve: ({ chainHead }) => chainHead }),
      lagBlocks: t.int({
        nullable: true,
        description: 'Blocks between the two.',
        resolve: ({ head, chainHead }) => lagOf(head, chainHead),
      }),
      entityCount: t.exposeInt('entityCount', { nullable: true, description: 'Entities stored.' }),
      error: t.field({
        type: ErrorRef,
        nullable: true,
        description: 'Set when it failed.',
        resolve: ({ error }) => error,
      }),
    }),
  });
  const Chain = builder.objectRef<ChainStatus>('ChainStatus');
  builder.objectType(Chain, {
    description: 'A chain as the indexer sees it.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'As manifests and settings name it.' }),
      chainId: t.exposeString('chainId', { description: 'EIP-155 id, or the name of its network.' }),
      head: t.field({ ...block, description: 'Its newest block.', resolve: ({ head }) => head }),
      source: t.exposeString('source', { description: 'How it is read: ethereum, recorded, ….' }),
      lagMs: t.int({
        nullable: true,
        description: 'Milliseconds since it was last heard from.',
        resolve: ({ lagMs }) => (lagMs === null ? null : Math.min(Math.round(lagMs), 2_147_483_647)),
      }),
    }),
  });
  const Contract = builder.objectRef<PlatformInfo['contracts'][number]>('ContractInfo');
  builder.objectType(Contract, {
    description: 'A contract of the platform.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      address: t.exposeString('address', { description: 'Where it is, lower-case 0x hex.' }),
    }),
  });
  const Account = builder.objectRef<PlatformInfo['devnetAccounts'][number]>('DevnetAccount');
  builder.objectType(Account, {
    description: 'An account of the devnet that everybody may act from.',
    fields: (t) => ({
      address: t.exposeString('address', { description: 'Lower-case 0x hex.' }),
      label: t.exposeString('label', { description: 'What it is for.' }),
    }),
  });
  const Platform = builder.objectRef<PlatformInfo>('PlatformInfo');
  builder.objectType(Platform, {
    description: 'What this installation is.',
    fields: (t) => ({
      version: t.exposeString('version', { description: 'Of the software.' }),
      devnet: t.exposeBoolean('devnet', { description: 'Whether the main chain is the embedded devnet.' }),
      chainId: t.exposeInt('chainId', { description: 'Of the main chain.' }),
      contracts: t.field({
        type: [Contract],
        description: 'Where the contracts are.',
        resolve: ({ contracts }) => contracts.map((c) => ({ ...c, address: c.address.toLowerCase() })),
      }),
      devnetAccounts: t.field({
        type: [Account],
        description: 'Empty unless devnet.',
        resolve: ({ devnetAccounts }) => [...devnetAccounts],
      }),
    }),
  });
  builder.queryType({
    fields: (t) => ({
      deployments: t.field({
        type: [Deployment],
        description: 'All indexed subgraphs.',
        resolve: async () => [...(await dependencies.deployments.deployments())],
      }),
      chains: t.field({
        type: [Chain],
        description: 'All chains.',
        resolve: async () => [...(await dependencies.chains.chains())],
      }),
      platform: t.field({
        type: Platform,
        description: 'This installation.',
        resolve: () => dependencies.platform.platform(),
      }),
    }),
  });
  return toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'status');
}
