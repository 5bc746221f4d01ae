// The words the indexer's rooms share: entity types, values, blocks, triggers. Types only; no behaviour lives here.
import type { BlockPointer } from '#node/platform/operation.ts';

export type { BlockPointer };

/** Lower-case 0x hex. */
export type Hex = `0x${string}`;

// ---------------------------------------------------------------- entities

export type ScalarKind =
  | 'ID'
  | 'String'
  | 'Int'
  | 'Int8'
  | 'Timestamp'
  | 'BigInt'
  | 'BigDecimal'
  | 'Boolean'
  | 'Bytes';

/** 34 significant digits, normalised: value = digits × 10^exp, digits has no trailing decimal zeros (0 is {0n, 0}). */
export interface BigDecimal {
  readonly digits: bigint;
  readonly exp: number;
}

/**
 * One attribute's value inside the indexer. ID/String/enum: string. Int: number. Int8, Timestamp (µs), BigInt: bigint.
 * Bytes: Uint8Array. A reference to an entity holds that entity's id (string, Uint8Array or bigint by its id type).
 */
export type Value = string | number | bigint | boolean | Uint8Array | BigDecimal | null | readonly Value[];

/** An entity as the mapping sees it: attribute name → value. Derived fields are absent. Absent and null are the same. */
export type EntityData = Record<string, Value>;

export type EntityId = string | Uint8Array | bigint;

export interface EntityField {
  readonly name: string;
  readonly description?: string;
  /** Scalar kind stored in the column; for a reference, the id kind of the referenced type; for an enum, 'String'. */
  readonly kind: ScalarKind;
  /** Named type as written in the schema: a scalar, an enum, an entity or an interface. */
  readonly typeName: string;
  readonly isList: boolean;
  /** `T!` on the field itself. */
  readonly nonNull: boolean;
  /** `[T!]` inside a list. */
  readonly itemNonNull: boolean;
  readonly isEnum: boolean;
  /** Name of the entity or interface this field refers to. */
  readonly reference?: string;
  /** Set on `@derivedFrom(field)`: the field of `reference` that points back. Derived fields have no column. */
  readonly derivedFrom?: string;
}

export interface EntityType {
  readonly name: string;
  readonly description?: string;
  readonly immutable: boolean;
  readonly timeseries: boolean;
  readonly idKind: 'String' | 'Bytes' | 'Int8';
  readonly interfaces: readonly string[];
  readonly fields: readonly EntityField[];
  /** Table name in the deployment's schema (snake case, as graph-node names it). */
  readonly table: string;
}

export interface EntityInterface {
  readonly name: string;
  readonly description?: string;
  readonly fields: readonly EntityField[];
  readonly implementers: readonly string[];
}

/** A parsed `schema.graphql`. `sdl` is the text as deployed. */
export interface EntitySchema {
  readonly sdl: string;
  readonly entities: ReadonlyMap<string, EntityType>;
  readonly interfaces: ReadonlyMap<string, EntityInterface>;
  readonly enums: ReadonlyMap<string, { readonly values: readonly string[]; readonly description?: string }>;
}

/** What one handler run or one block did to one entity: its whole new state, or null when removed. */
export interface EntityModification {
  readonly type: string;
  readonly id: EntityId;
  readonly data: EntityData | null;
  /** True when the entity did not exist before the block. Immutable types are taken to be new; their unique key proves it. */
  readonly isNew?: boolean;
  /** The state before the block, when the mapping was asked to report it. */
  readonly before?: EntityData | null;
  /** Causality region that the entity belongs to; absent or 0: that of the chain. */
  readonly region?: number;
}

// ---------------------------------------------------------------- chain data

/** A block header as an EVM chain reports it. Integers are bigint unless they surely fit a double. */
export interface BlockHeader {
  readonly number: number;
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly unclesHash: Hex;
  readonly author: Hex;
  readonly stateRoot: Hex;
  readonly transactionsRoot: Hex;
  readonly receiptsRoot: Hex;
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  /** Seconds. */
  readonly timestamp: number;
  readonly difficulty: bigint;
  readonly totalDifficulty: bigint;
  readonly size: bigint | null;
  readonly baseFeePerGas: bigint | null;
}

export interface Transaction {
  readonly hash: Hex;
  readonly index: number;
  readonly from: Hex;
  readonly to: Hex | null;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly gasPrice: bigint;
  readonly input: Hex;
  readonly nonce: bigint;
}

export interface Log {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockHash: Hex;
  readonly blockNumber: number;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  readonly logIndex: number;
}

export interface Receipt {
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  readonly blockHash: Hex;
  readonly blockNumber: number;
  readonly cumulativeGasUsed: bigint;
  readonly gasUsed: bigint;
  readonly contractAddress: Hex | null;
  readonly logs: readonly Log[];
  readonly status: bigint;
  readonly root: Hex;
  readonly logsBloom: Hex;
}

/** A block with what the filter asked for. Logs are in log order and already match the filter. */
export interface SourceBlock {
  readonly header: BlockHeader;
  readonly logs: readonly Log[];
  /** Transactions that the logs (or call handlers) refer to, by hash; all of them when the source has them anyway. */
  readonly transactions: ReadonlyMap<Hex, Transaction>;
  /** Present for transactions of logs when the filter asked for receipts. */
  readonly receipts: ReadonlyMap<Hex, Receipt>;
  /** What source subgraphs wrote in this block, for a composed subgraph: data sources in their order, in each as it was written. */
  readonly entities?: readonly SourceEntity[];
}

/** An entity that a source subgraph made in a block. */
export interface SourceEntity {
  /** Index of the data source that reads that subgraph. */
  readonly dataSource: number;
  readonly type: string;
  readonly data: EntityData;
}

/** Which logs a deployment wants. An empty address set means any contract. */
export interface LogFilter {
  readonly entries: readonly {
    readonly address: Hex | null;
    readonly topic0: Hex;
    readonly topic1?: readonly Hex[];
    readonly topic2?: readonly Hex[];
    readonly topic3?: readonly Hex[];
  }[];
  readonly receipts: boolean;
  /** True when a block handler needs every block, matching logs or not. */
  readonly everyBlock: boolean;
}

// ---------------------------------------------------------------- mapping input

/** One thing to run one handler on. `dataSource` is an index into the deployment's data sources, static ones first. */
export type Trigger =
  | {
      readonly kind: 'event';
      readonly dataSource: number;
      readonly handler: string;
      readonly log: Log;
      readonly receipt: boolean;
    }
  | { readonly kind: 'block'; readonly dataSource: number; readonly handler: string }
  | {
      /** A file that a file data source waited for. */
      readonly kind: 'file';
      readonly dataSource: number;
      readonly handler: string;
      readonly content: Uint8Array;
    }
  | {
      /** An entity that a source subgraph made. */
      readonly kind: 'entity';
      readonly dataSource: number;
      readonly handler: string;
      readonly type: string;
      readonly data: EntityData;
    };

/** A data source made by a handler (`DataSourceTemplate.create`). */
export interface CreatedDataSource {
  readonly template: string;
  /** The contract's address; of a file, its path (`CID` or `CID/path`) in UTF-8, as `dataSource.address()` tells it. */
  readonly address: Hex;
  /** A file data source's causality region, counted from 1; absent or 0: a contract's. */
  readonly region?: number;
  readonly context: EntityData | null;
  readonly createdAt: number;
}

/** What running one block's triggers produced. The last state of each touched entity, in first-touched order. */
export interface BlockOutcome {
  readonly block: BlockPointer;
  readonly parentHash: Hex;
  readonly timestamp: number;
  readonly modifications: readonly EntityModification[];
  readonly createdDataSources: readonly CreatedDataSource[];
  /** File data sources whose file was handled in this block. */
  readonly handledFiles?: readonly HandledFile[];
  /** Set when a handler failed deterministically; nothing of this block may then be written. */
  readonly failure?: DeterministicFailure;
}

/** A file data source that is done: its handler ran, or failed, which is nobody else's concern. */
export interface HandledFile {
  readonly region: number;
  readonly error: string | null;
}

export interface DeterministicFailure {
  readonly message: string;
  readonly handler: string;
  readonly block: BlockPointer;
}
