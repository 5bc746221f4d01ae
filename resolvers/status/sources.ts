// What the status page needs to know, and from whom: seams that the composition root fills.
import type { BlockPointer } from '#node/platform/operation.ts';

export type DeploymentHealth = 'healthy' | 'unhealthy' | 'failed';

export interface DeploymentStatus {
  /** `Qm…` */
  readonly id: string;
  readonly name: string;
  /** Its name in the supergraph; null when it only has its own endpoint. */
  readonly alias: string | null;
  /** Name of its chain. */
  readonly chain: string;
  readonly synced: boolean;
  readonly health: DeploymentHealth;
  readonly head: BlockPointer | null;
  readonly chainHead: BlockPointer | null;
  readonly entityCount: number | null;
  readonly error: {
    readonly message: string;
    readonly block: number | null;
    readonly handler: string | null;
  } | null;
}

export interface ChainStatus {
  readonly name: string;
  readonly chainId: string;
  readonly head: (BlockPointer & { readonly timestamp: Date | null }) | null;
  /** Kind of source: `ethereum`, `recorded`, … */
  readonly source: string;
  /** Milliseconds since the source last heard from its chain. */
  readonly lagMs: number | null;
}

export interface PlatformInfo {
  readonly version: string;
  readonly devnet: boolean;
  /** The main chain. */
  readonly chainId: number;
  readonly contracts: readonly { readonly name: string; readonly address: string }[];
  /** Published accounts of the devnet; empty elsewhere. */
  readonly devnetAccounts: readonly { readonly address: string; readonly label: string }[];
}

export interface DeploymentStatusSource {
  deployments(): Promise<readonly DeploymentStatus[]>;
}

export interface ChainStatusSource {
  chains(): Promise<readonly ChainStatus[]>;
}

export interface PlatformInfoSource {
  platform(): PlatformInfo | Promise<PlatformInfo>;
}
