// What a built subgraph says it is: its data sources, templates and handlers, after every check that needs no chain.
import type { EntityData, EntitySchema, Hex } from '#indexer/model.ts';

/** One item of a contract's JSON ABI. */
export interface AbiItem {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
  readonly outputs?: readonly AbiParameter[];
  readonly anonymous?: boolean;
  readonly stateMutability?: string;
  /** Before `stateMutability` (2018): view or pure. */
  readonly constant?: boolean;
}

export interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParameter[];
}

export interface EventHandler {
  /** Line of the manifest, where it came from one. */
  readonly line?: number;
  /** As the manifest writes it, `indexed` words included. */
  readonly event: string;
  readonly topic0: Hex;
  readonly topic1?: readonly Hex[];
  readonly topic2?: readonly Hex[];
  readonly topic3?: readonly Hex[];
  readonly handler: string;
  /** The handler reads `event.receipt`. */
  readonly receipt: boolean;
  /** The event's entry in the data source's ABI. */
  readonly abi: AbiItem;
  /** Calls declared for prefetching. They change speed, never results. */
  readonly calls: readonly DeclaredCall[];
}

/** Where a declared call takes its contract or an argument from. */
export type CallArgument =
  | { readonly kind: 'address'; readonly address: Hex }
  | { readonly kind: 'event-address' }
  /** The event's parameter at an index, or a field of it: `path` leads through its structs. */
  | { readonly kind: 'parameter'; readonly parameter: number; readonly path: readonly number[] };

export interface DeclaredCall {
  readonly label: string;
  /** The function's entry in the ABI of the contract called. */
  readonly function: AbiItem;
  readonly address: CallArgument;
  readonly arguments: readonly CallArgument[];
}

/** Runs for calls of one function of the data source's contract, in transactions that succeeded. */
export interface CallHandler {
  /** As the manifest writes it: `mint(address,uint256)`. */
  readonly function: string;
  /** The first four bytes of such a call's input. */
  readonly selector: Hex;
  readonly handler: string;
  /** The function's entry in the data source's ABI. */
  readonly abi: AbiItem;
  /** Line of the manifest, for what a source cannot do. */
  readonly line: number;
}

export interface BlockHandler {
  readonly handler: string;
  /** Line of the manifest, for what a source cannot do. */
  readonly line?: number;
  /**
   * `once`: at the start block, before all else. `polling`: every `every` blocks after the start block. `call`: for each row of calls
   * to the contract in a block.
   */
  readonly filter:
    | { readonly kind: 'every' }
    | { readonly kind: 'call' }
    | { readonly kind: 'once' }
    | { readonly kind: 'polling'; readonly every: number };
}

export interface Mapping {
  readonly apiVersion: string;
  /** Content id of the module in `LoadedSubgraph.modules`. Data sources compiled from one file share it. */
  readonly module: string;
  /** ABIs by the name under which handlers bind contracts. */
  readonly abis: ReadonlyMap<string, readonly AbiItem[]>;
  readonly eventHandlers: readonly EventHandler[];
  readonly callHandlers: readonly CallHandler[];
  readonly blockHandlers: readonly BlockHandler[];
  /** Entity types the manifest lists. graph-node does not restrict chain handlers to them, nor do we. */
  readonly entities: readonly string[];
  /** Of a file data source: the handler that is given the file. It may write the types in `entities` only. */
  readonly fileHandler?: string;
  /** Of a data source that is a subgraph: which of its entity types go to which handlers. */
  readonly entityHandlers?: readonly EntityHandler[];
}

export interface EntityHandler {
  readonly entity: string;
  readonly handler: string;
}

export interface DataSource {
  readonly name: string;
  /**
   * Set when the data source is another subgraph: the deployment id (or a deployed subgraph's name) that the manifest gives as
   * its address. It then has no contract address.
   */
  readonly subgraph?: string;
  /** Line of that address in the manifest. */
  readonly subgraphLine?: number;
  readonly network: string;
  /** Null: any contract. */
  readonly address: Hex | null;
  readonly abi: string;
  readonly startBlock: number;
  /** Last block handled; null: no end. */
  readonly endBlock: number | null;
  readonly context: EntityData | null;
  readonly mapping: Mapping;
}

export interface DataSourceTemplate {
  readonly name: string;
  /** Set on templates of kind `file/ipfs`: their instances wait for one file each. */
  readonly file?: 'ipfs';
  readonly network: string;
  readonly abi: string;
  readonly mapping: Mapping;
}

/** A built subgraph in memory: everything that running it needs, and nothing of where it came from but names. */
export interface LoadedSubgraph {
  /** `Qm…`: what `graph deploy` would name it. */
  readonly id: string;
  readonly specVersion: string;
  /** The API version of all mappings; the first one's where those before 0.0.5 differ. */
  readonly apiVersion: string;
  readonly description: string | null;
  readonly repository: string | null;
  readonly features: readonly string[];
  /** `indexerHints.prune`: blocks of history to keep, or `never` / `auto`. */
  readonly prune: number | 'never' | 'auto';
  /** The deployment whose history this one takes over, up to and including a block. `line` is where the manifest says so. */
  readonly graft?: { readonly base: string; readonly block: number; readonly line: number } | undefined;
  readonly schema: EntitySchema;
  readonly dataSources: readonly DataSource[];
  readonly templates: readonly DataSourceTemplate[];
  /** WebAssembly modules by content id. */
  readonly modules: ReadonlyMap<string, Uint8Array>;
  /** What is probably a mistake, by file and line, though graph-node would run it too. */
  readonly warnings?: readonly string[];
}
