// The words the indexer's rooms share: entity types, values, blocks, triggers. Types only; no behaviour lives here.
import type { BlockPointer } from '#node/platform/operation.ts';
import type { Expression } from './manifest/aggregate-expression.ts';

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

/** An Int8 or Timestamp in a data source's context, where no schema tells it from a BigInt; `digits` is its value. */
export interface ContextLong extends BigDecimal {
  readonly long: 'Int8' | 'Timestamp';
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
  /** An immutable entity that is set again keeps its first state, instead of failing the deployment. */
  readonly skipDuplicates?: boolean;
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

/** Lengths of time that aggregations are kept for, the shortest first. */
export type AggregationInterval = 'hour' | 'day';

export type AggregateFunction = 'sum' | 'count' | 'min' | 'max' | 'first' | 'last';

/** One `@aggregate` field. */
export interface Aggregate {
  /** Name of the field that holds the result. */
  readonly field: string;
  readonly fn: AggregateFunction;
  /** Over fields of the source; null for `count`, which counts rows. */
  readonly arg: Expression | null;
  /** True when values count from the beginning of the timeseries, not of the bucket. */
  readonly cumulative: boolean;
}

/** A `@aggregation` type: what the store makes of a timeseries, a row for every interval and combination of dimensions. */
export interface Aggregation {
  readonly name: string;
  readonly description?: string;
  /** Shortest first. */
  readonly intervals: readonly AggregationInterval[];
  /** Name of the timeseries. */
  readonly source: string;
  /** All fields, in the order of the schema: `id`, `timestamp`, dimensions and aggregates. */
  readonly fields: readonly EntityField[];
  /** Names of the fields by which rows are told apart; the source has fields of the same names. */
  readonly dimensions: readonly string[];
  readonly aggregates: readonly Aggregate[];
}

/** One `@fulltext` directive: a search over text fields of one entity type, with a root field of its own. */
export interface FulltextSearch {
  readonly name: string;
  /** PostgreSQL's name of the text search configuration. */
  readonly language: string;
  readonly algorithm: 'rank' | 'proximityRank';
  readonly entity: string;
  readonly fields: readonly string[];
}

/** A parsed `schema.graphql`. `sdl` is the text as deployed. */
export interface EntitySchema {
  readonly sdl: string;
  readonly entities: ReadonlyMap<string, EntityType>;
  readonly aggregations: ReadonlyMap<string, Aggregation>;
  readonly fulltext: readonly FulltextSearch[];
  readonly interfaces: ReadonlyMap<string, EntityInterface>;
  readonly enums: ReadonlyMap<string, { readonly values: readonly string[]; readonly description?: string }>;
}

/** What one handler run or one block did to one entity: its whole new state, or null when removed. */
export interface EntityModification {
  readonly type: string;
  readonly id: EntityId;
  /** The id as text, where it is known already. */
  readonly key?: string;
  readonly data: EntityData | null;
  /** True when the entity did not exist before the block. Immutable types are taken to be new; their unique key proves it. */
  readonly isNew?: boolean;
  /** The state before the block, when the mapping was asked to report it. */
  readonly before?: EntityData | null;
  /** Causality region that the entity belongs to; absent or 0: that of the chain. */
  readonly region?: number;
  /** The row, when it was made where the entity was: `id` and `data` are then read from it, and better left alone. */
  readonly encoded?: EncodedRow;
}

/** An entity's new version as it will be stored. */
export interface EncodedRow {
  /** Its id as text. */
  readonly key: string;
  /** Its columns in COPY's text format; null when it was removed. */
  readonly columns: string | null;
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

/** A call to a contract that did not fail, as a trace shows it: a transaction's own, or one that a contract made in it. */
export interface Call {
  readonly from: Hex;
  /** The account whose code ran. */
  readonly to: Hex;
  readonly value: bigint;
  readonly gasUsed: bigint;
  /** At least a selector: plain transfers of value are no calls. */
  readonly input: Hex;
  readonly output: Hex;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  /** The transaction around it failed, and so undid what the call did. */
  readonly transactionFailed: boolean;
}

/** A block with what the filter asked for. Logs are in log order and already match the filter. */
export interface SourceBlock {
  readonly header: BlockHeader;
  readonly logs: readonly Log[];
  /** Present when the filter asked for calls: those that match, in the order they began. */
  readonly calls?: readonly Call[];
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
  /** Calls wanted. Address null: of any contract; selector null: of any function. Absent: none. */
  readonly calls?: readonly { readonly address: Hex | null; readonly selector: Hex | null }[];
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
  | { readonly kind: 'call'; readonly dataSource: number; readonly handler: string; readonly call: Call }
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
  /** What the block's handlers logged, those that failed too; absent when they logged nothing. */
  readonly lines?: readonly LoggedLine[];
  /** Set when a handler failed deterministically: nothing of this block is written, but that it was reached and failed. */
  readonly failure?: DeterministicFailure;
  /** Handlers that failed deterministically while the rest of the block stands (`nonFatalErrors`). */
  readonly errors?: readonly DeterministicFailure[];
}

export type LogLevel = 'critical' | 'error' | 'warning' | 'info' | 'debug';

/** A line that a handler logged. */
export interface LoggedLine {
  readonly level: LogLevel;
  readonly text: string;
  readonly handler: string;
  /** Name of the data source, or of its template. */
  readonly dataSource: string;
  /** By the clock of the machine; milliseconds since the Unix epoch. */
  readonly loggedAt: number;
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
