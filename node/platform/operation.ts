// What one GraphQL operation carries through every subgraph it touches, in process or over HTTP.
import type { DocumentNode, ExecutionResult } from 'graphql';

/** A block as every room names it: its height and its hash (lower-case 0x hex). */
export interface BlockPointer {
  readonly number: number;
  readonly hash: string;
}

/** Who is asking. Absent (null) for anonymous operations. `did` is the subject of the access token. */
export interface Viewer {
  readonly did: string;
  /** Chain addresses proven to belong to this DID, lower-case, as `eip155:31337:0x…` (CAIP-10). */
  readonly accounts: readonly string[];
  readonly scopes: readonly string[];
  /** Session id, for revocation. */
  readonly session: string;
}

/** Loads the current heads of every deployment, in one consistent read. Keys are deployment ids (`Qm…`). */
export type HeadLoader = () => Promise<ReadonlyMap<string, BlockPointer>>;

/**
 * The block of each deployment that one operation reads. Pinned once, for all deployments together, at the first
 * indexed fetch of a query; a mutation pins again after its action (`renew`), so that its payload sees the result.
 */
export class ReadPoint {
  readonly #load: HeadLoader;
  #pinned: Promise<ReadonlyMap<string, BlockPointer>> | undefined;

  constructor(load: HeadLoader, pinned?: ReadonlyMap<string, BlockPointer>) {
    this.#load = load;
    this.#pinned = pinned && Promise.resolve(pinned);
  }

  /** The block to read `deployment` at, or undefined when it has indexed nothing yet. */
  async at(deployment: string): Promise<BlockPointer | undefined> {
    return (await this.all()).get(deployment);
  }

  all(): Promise<ReadonlyMap<string, BlockPointer>> {
    this.#pinned ??= this.#load();
    return this.#pinned;
  }

  /** Forgets the pin: the next fetch sees the newest blocks. */
  renew(): void {
    this.#pinned = undefined;
  }
}

/** What an operation has read, reported by executors; the live-query engine re-executes when a commit touches it. */
export class ReadSet {
  /** deployment id → entity type names read (`*` when not known). */
  readonly entities = new Map<string, Set<string>>();
  /** Outbox or service topics read, for example `networks.profile:42`. */
  readonly topics = new Set<string>();

  addEntity(deployment: string, entity: string): void {
    const known = this.entities.get(deployment);
    if (known) known.add(entity);
    else this.entities.set(deployment, new Set([entity]));
  }

  addTopic(topic: string): void {
    this.topics.add(topic);
  }
}

/** The context of one operation, shared by all its fetches. */
export interface OperationContext {
  readonly viewer: Viewer | null;
  readonly readPoint: ReadPoint;
  readonly reads: ReadSet;
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** Address of the client, for rate limits and audit. */
  readonly ip: string;
}

export interface SubgraphRequest {
  readonly document: DocumentNode;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  readonly context: OperationContext;
}

/** A subgraph as the gateway sees it; the same in process and over HTTP. A subscription answers with an iterable. */
export interface SubgraphExecutor {
  execute(request: SubgraphRequest): Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
}

/** One member of the supergraph: its name, its SDL (Federation v2) and how to reach it. */
export interface Subgraph {
  readonly name: string;
  readonly sdl: string;
  readonly executor: SubgraphExecutor;
}
