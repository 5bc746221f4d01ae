// A block of the selected chain in Ethereum's form: its header, transactions, receipts and logs as JSON. What the chain does by itself has no
// transaction, but every log of Ethereum has one: a block carries up to two of no sender, before and after all others, for such logs.
import type { ExecutedBlock, ExecutedTransaction } from '../engine/chain-view.ts';
import { TransactionStatus } from '../state/chain-block.ts';
import type { Parameters } from '../types/genesis.ts';
import { type BlockId, hexOf } from '../types/identifiers.ts';
import type { Operation } from '../types/operation.ts';
import { decodeTransaction, operationCount } from '../types/transaction.ts';
import { LogsBloom } from './logs-bloom.ts';
import {
  type LoggedEvent,
  logOf,
  type SystemLog,
  systemAddresses,
  systemEvents,
  weiOf,
} from './system-events.ts';

/** What an operation counts as gas: a number that divides 10⁹, so that gas × price is the fee to the last digit. */
export const GAS_PER_OPERATION = 20_000;
/** EIP-2718 types that Ethereum does not use: whoever knows only Ethereum's sees that these are others. */
export const transactionTypes = { native: '0x41', system: '0x42' } as const;
const noAddress = `0x${'00'.repeat(20)}`;
const noHash = `0x${'00'.repeat(32)}`;
/** Keccak of the RLP of an empty list. */
const noUncles = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347';

export const hexNumber = (value: number | bigint): string => `0x${value.toString(16)}`;
/** Of a unit of gas, in wei. @param fee of an operation, nano-AiOS */
export const gasPriceOf = (fee: bigint): bigint => weiOf(fee) / BigInt(GAS_PER_OPERATION);

export interface PlacedLog extends SystemLog {
  /** Among the transactions that Ethereum's tools see. */
  readonly transactionIndex: number;
}

/** What decides whether a block has to be looked into. */
export interface BlockSummary {
  /** A bit for each kind of event that is in it. */
  readonly kinds: number;
  /** Made when it is asked for: hashing costs more than all else about a log. Undefined when the block is gone. */
  bloom(): LogsBloom | undefined;
}

const kindBits = new Map(
  (Object.keys(systemEvents) as LoggedEvent['kind'][]).map((kind, nth) => [kind, 1 << nth]),
);

/** The bits of some kinds of events. */
export function kindsWith(included: (kind: LoggedEvent['kind']) => boolean): number {
  let bits = 0;
  for (const [kind, bit] of kindBits) if (included(kind)) bits |= bit;
  return bits;
}

/** Which of a block's own two transactions it is. */
type SystemPart = 'begin' | 'end';

/**
 * The hash of a block's own transaction: its id with all bits turned, the last one left for the second. So the block is found by it, and no
 * hash of anything else can be made to be it.
 */
function systemHash(id: BlockId, part: SystemPart): string {
  const bytes = Buffer.from(Buffer.from(id, 'hex').map((byte) => byte ^ 0xff));
  if (part === 'end') bytes[31] = (bytes[31] as number) ^ 1;
  return bytes.toString('hex');
}

/** The blocks whose own transaction a hash may be. */
export function blocksOfSystemHash(hash: string): readonly BlockId[] {
  return [systemHash(hash, 'begin'), systemHash(hash, 'end')];
}

export class EthBlock {
  readonly executed: ExecutedBlock;
  readonly hash: string;
  readonly number: string;
  /** Whether there is a transaction of the chain's own at the beginning; the others come after it. */
  readonly #begins: boolean;
  readonly #parts: { readonly begin: LoggedEvent[]; readonly end: LoggedEvent[] };
  readonly #parameters: Parameters;
  #logs: readonly PlacedLog[] | undefined;
  #bloom: LogsBloom | undefined;
  /** Operations of the transactions before each one. */
  #operationsBefore: Uint32Array | undefined;
  #withHashes: string | undefined;

  constructor(executed: ExecutedBlock, parameters: Parameters) {
    this.executed = executed;
    this.hash = `0x${executed.id}`;
    this.number = hexNumber(executed.index);
    this.#parameters = parameters;
    this.#parts = partsOf(executed);
    this.#begins = this.#parts.begin.length > 0;
  }

  /** About how much memory it takes with everything in it. */
  get weight(): number {
    const { bytes, events, transactions } = this.executed;
    return 4_096 + bytes + 900 * events.length + 400 * transactions.length;
  }

  /** How many transactions Ethereum's tools see. */
  get transactionCount(): number {
    return this.executed.transactions.length + Number(this.#begins) + Number(this.#parts.end.length > 0);
  }

  /** The place of one of the chain's transactions among those that Ethereum's tools see. */
  indexOf(place: number): number {
    return place + Number(this.#begins);
  }

  /** The place of the block's own transaction with this hash. */
  indexOfSystem(hash: string): number | undefined {
    if (this.#begins && hash === systemHash(this.executed.id, 'begin')) return 0;
    if (this.#parts.end.length > 0 && hash === systemHash(this.executed.id, 'end'))
      return this.transactionCount - 1;
    return undefined;
  }

  transactionHash(index: number): string {
    const at = this.#at(index);
    return `0x${typeof at === 'string' ? systemHash(this.executed.id, at) : hexOf(at.id)}`;
  }

  /** All logs, in order. */
  get logs(): readonly PlacedLog[] {
    this.#logs ??= this.#makeLogs();
    return this.#logs;
  }

  get bloom(): LogsBloom {
    if (this.#bloom) return this.#bloom;
    const bloom = new LogsBloom();
    for (const log of this.logs) bloom.addLog(log);
    this.#bloom = bloom;
    return bloom;
  }

  /** A bit for each kind of event that is in it. */
  get kinds(): number {
    let kinds = 0;
    for (const { event } of this.executed.events) kinds |= kindBits.get(event.kind) ?? 0;
    for (const { kind } of this.#parts.begin) kinds |= kindBits.get(kind) ?? 0;
    return kinds;
  }

  /** Of all its transactions. */
  get operations(): number {
    return this.#operations().at(-1) ?? 0;
  }

  /** One log as JSON. */
  logJson(logIndex: number, log: PlacedLog, removed = false): string {
    return `{"address":"${log.address}","topics":["${log.topics.join('","')}"],"data":"${log.data}","blockNumber":"${this.number}","blockHash":"${this.hash}","transactionHash":"${this.transactionHash(log.transactionIndex)}","transactionIndex":"${hexNumber(log.transactionIndex)}","logIndex":"${hexNumber(logIndex)}","removed":${removed}}`;
  }

  /** The block as JSON. @param whole with transactions rather than their hashes */
  json(whole: boolean): string {
    if (whole) return this.#blockJson(this.#each((index) => this.transactionJson(index)));
    this.#withHashes ??= this.#blockJson(this.#each((index) => `"${this.transactionHash(index)}"`));
    return this.#withHashes;
  }

  /** The block as announced to subscribers: without transactions. */
  headJson(): string {
    return `{${this.#headFields()}}`;
  }

  transactionJson(index: number): string {
    const at = this.#at(index);
    const place = `"blockHash":"${this.hash}","blockNumber":"${this.number}","transactionIndex":"${hexNumber(index)}","chainId":"${hexNumber(this.#parameters.chainId)}"`;
    if (typeof at === 'string')
      return `{"hash":"${this.transactionHash(index)}","type":"${transactionTypes.system}",${place},"from":"${noAddress}","to":"${systemAddresses.Dag}","nonce":"0x0","value":"0x0","gas":"0x0","gasPrice":"0x0","input":"0x","v":"0x0","yParity":"0x0","r":"${noHash}","s":"${noHash}"}`;
    const transaction = decodeTransaction(at.encoded);
    const { publicKey, nonce, fee, signature } = transaction;
    const { to, value } = paymentOf(transaction.operations);
    const gas = operationCount(transaction) * GAS_PER_OPERATION;
    // S of Ed25519 is little-endian; Ethereum's tools check that theirs is not too large.
    const s = hexOf(signature.slice(32).reverse());
    return `{"hash":"0x${hexOf(at.id)}","type":"${transactionTypes.native}",${place},"from":"0x${hexOf(at.sender)}","to":"${to}","nonce":"${hexNumber(nonce)}","value":"${hexNumber(weiOf(value))}","gas":"${hexNumber(gas)}","gasPrice":"${hexNumber(gasPriceOf(fee))}","input":"0x${hexOf(at.encoded)}","publicKey":"0x${hexOf(publicKey)}","v":"0x0","yParity":"0x0","r":"0x${hexOf(signature.subarray(0, 32))}","s":"0x${s}"}`;
  }

  /** @returns one for each transaction that Ethereum's tools see */
  receiptJsons(): string[] {
    const byTransaction = this.#logsByTransaction();
    return this.#each((index) => this.#receiptJson(index, byTransaction.get(index) ?? []));
  }

  receiptJson(index: number): string {
    return this.#receiptJson(index, this.#logsByTransaction().get(index) ?? []);
  }

  /** The chain's transaction in a place that Ethereum's tools see, or which of the block's own it is. */
  #at(index: number): ExecutedTransaction | SystemPart {
    if (this.#begins && index === 0) return 'begin';
    return this.executed.transactions[index - Number(this.#begins)] ?? 'end';
  }

  #each(json: (index: number) => string): string[] {
    return Array.from({ length: this.transactionCount }, (_, index) => json(index));
  }

  #makeLogs(): PlacedLog[] {
    const { events } = this.executed;
    const { begin, end } = this.#parts;
    const logs: PlacedLog[] = [];
    const put = (event: LoggedEvent, transactionIndex: number) => {
      const { address, topics, data } = logOf(event);
      logs.push({ address, topics, data, transactionIndex });
    };
    for (const event of begin) put(event, 0);
    for (const { event, transaction } of events)
      if (transaction !== undefined) put(event, this.indexOf(transaction));
    const last = this.transactionCount - 1;
    for (const event of end) put(event, last);
    return logs;
  }

  #operations(): Uint32Array {
    if (this.#operationsBefore) return this.#operationsBefore;
    const { transactions } = this.executed;
    const before = new Uint32Array(transactions.length + 1);
    for (const [place, { encoded }] of transactions.entries())
      before[place + 1] = (before[place] as number) + operationCount(decodeTransaction(encoded));
    this.#operationsBefore = before;
    return before;
  }

  #headFields(): string {
    const { header, parent, stateRoot, bytes } = this.executed;
    const { bloom, operations } = this;
    const { maxMergeset, maxBlockOperations, minimumFee } = this.#parameters;
    const gasLimit = (maxMergeset + 1) * maxBlockOperations * GAS_PER_OPERATION;
    return `"number":"${this.number}","hash":"${this.hash}","parentHash":"${parent === undefined ? noHash : `0x${parent}`}","nonce":"0x0000000000000000","mixHash":"${noHash}","sha3Uncles":"${noUncles}","logsBloom":"${bloom.toHex()}","stateRoot":"0x${hexOf(stateRoot)}","transactionsRoot":"0x${header.bodyRoot}","receiptsRoot":"${noHash}","miner":"0x${header.proposer}","difficulty":"0x0","totalDifficulty":"0x0","extraData":"0x","size":"${hexNumber(bytes)}","gasLimit":"${hexNumber(gasLimit)}","gasUsed":"${hexNumber(operations * GAS_PER_OPERATION)}","baseFeePerGas":"${hexNumber(gasPriceOf(minimumFee))}","timestamp":"${hexNumber(Math.floor(header.timestamp / 1_000))}"`;
  }

  #blockJson(transactions: readonly string[]): string {
    return `{${this.#headFields()},"uncles":[],"transactions":[${transactions.join(',')}]}`;
  }

  #logsByTransaction(): Map<number, number[]> {
    const found = new Map<number, number[]>();
    for (const [logIndex, { transactionIndex }] of this.logs.entries()) {
      const logs = found.get(transactionIndex);
      if (logs) logs.push(logIndex);
      else found.set(transactionIndex, [logIndex]);
    }
    return found;
  }

  #receiptJson(index: number, logIndexes: readonly number[]): string {
    const at = this.#at(index);
    const logs = logIndexes.map((logIndex) => this.logs[logIndex] as PlacedLog);
    const bloom = new LogsBloom();
    for (const log of logs) bloom.addLog(log);
    const logsJson = logs.map((log, nth) => this.logJson(logIndexes[nth] as number, log)).join(',');
    const before = this.#operations();
    const place = Math.min(Math.max(index - Number(this.#begins), 0), before.length - 1);
    const gasBefore = (before[place] as number) * GAS_PER_OPERATION;
    let what: string;
    let gas = 0;
    if (typeof at === 'string') {
      what = `"type":"${transactionTypes.system}","from":"${noAddress}","to":"${systemAddresses.Dag}","status":"0x1","effectiveGasPrice":"0x0"`;
    } else {
      const { fee, operations } = decodeTransaction(at.encoded);
      gas = (before[place + 1] as number) * GAS_PER_OPERATION - gasBefore;
      const status = at.status === TransactionStatus.executed ? '0x1' : '0x0';
      what = `"type":"${transactionTypes.native}","from":"0x${hexOf(at.sender)}","to":"${paymentOf(operations).to}","status":"${status}","effectiveGasPrice":"${hexNumber(gasPriceOf(fee))}"`;
    }
    return `{"transactionHash":"${this.transactionHash(index)}","transactionIndex":"${hexNumber(index)}","blockHash":"${this.hash}","blockNumber":"${this.number}",${what},"contractAddress":null,"cumulativeGasUsed":"${hexNumber(gasBefore + gas)}","gasUsed":"${hexNumber(gas)}","logsBloom":"${logs.length === 0 ? LogsBloom.none : bloom.toHex()}","logs":[${logsJson}]}`;
  }
}

/** The events of no transaction: what was merged and what comes before the first transaction's events; and what comes after. */
function partsOf({ id, merged, events }: ExecutedBlock): {
  begin: LoggedEvent[];
  end: LoggedEvent[];
} {
  const begin: LoggedEvent[] = merged.map(
    ({ id: block, header, round, blueScore, blue, selectedParent, transactions }) => ({
      kind: 'blockOrdered',
      block,
      proposer: header.proposer,
      chainBlock: id,
      round,
      blueScore,
      blue,
      selectedParent,
      parents: header.parents,
      transactions,
    }),
  );
  const end: LoggedEvent[] = [];
  let part = begin;
  for (const { event, transaction } of events)
    if (transaction !== undefined) part = end;
    else part.push(event);
  return { begin, end };
}

/** Whom a transaction speaks to and what it pays, as far as Ethereum's form has room for that: its logs say all. */
function paymentOf(operations: readonly Operation[]): { readonly to: string; readonly value: bigint } {
  const [first] = operations;
  if (operations.length === 1 && first) {
    if (first.kind === 'transfer') return { to: `0x${hexOf(first.to)}`, value: first.amount };
    if (first.kind !== 'multiTransfer') return { to: systemAddressOf(first.kind), value: 0n };
  }
  let value = 0n;
  for (const operation of operations)
    if (operation.kind === 'transfer') value += operation.amount;
    else if (operation.kind === 'multiTransfer')
      for (const { amount } of operation.transfers) value += amount;
  return { to: systemAddresses.Payments, value };
}

function systemAddressOf(kind: Operation['kind']): string {
  switch (kind) {
    case 'registerDid':
      return systemAddresses.Identity;
    case 'taskEscrow':
    case 'taskSettle':
    case 'taskRefund':
      return systemAddresses.Tasks;
    case 'transfer':
    case 'multiTransfer':
      return systemAddresses.Payments;
    default:
      return systemAddresses.Staking;
  }
}
