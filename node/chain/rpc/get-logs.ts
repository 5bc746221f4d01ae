// eth_getLogs: the logs of a range of blocks that a filter wants. However large the question, an answer is bounded in logs and in time, makes
// room for others meanwhile, and where it is refused the error names a range that will do.
import { setImmediate } from 'node:timers/promises';
import type { CallParameters } from './call-parameters.ts';
import { type EthBlock, hexNumber, type PlacedLog } from './eth-block.ts';
import type { EthBlocks } from './eth-blocks.ts';
import { type LogFilter, matches, mayMatch, readLogFilter } from './log-filter.ts';
import { JsonText, RpcError, rpcCodes } from './rpc-error.ts';
import { Turns } from './turns.ts';

export interface GetLogsLimits {
  readonly blocks: number;
  /** Of more than one block: a single block is always answered whole, or its logs could not be had at all. */
  readonly logs: number;
  readonly milliseconds: number;
}

export const getLogsLimits: GetLogsLimits = { blocks: 10_000, logs: 20_000, milliseconds: 8_000 };
/** Each holds up to an answer of the largest size while it makes room for others. */
const turns = new Turns(4, 10_000);
/** How long the thread is kept from others at once, about. */
const SLICE_MS = 8;

export async function getLogs(
  blocks: EthBlocks,
  parameters: CallParameters,
  limits: GetLogsLimits = getLogsLimits,
): Promise<JsonText> {
  parameters.atMost(1);
  const fields = parameters.object(0, 'a filter: an object with fromBlock, toBlock, address and topics');
  const filter = readLogFilter(parameters, 0, fields);
  if (fields.blockHash !== undefined && fields.blockHash !== null) {
    if (fields.fromBlock !== undefined || fields.toBlock !== undefined)
      parameters.wrong(0, 'a filter with either blockHash or fromBlock and toBlock', fields);
    const hash = parameters.bytesWithin(0, fields.blockHash, 32, 'a filter whose blockHash is a hash');
    const block = blocks.onChain(hash);
    if (!block) throw new RpcError(rpcCodes.notFound, `unknown block 0x${hash}: it is not on the chain.`);
    const found: string[] = [];
    collect(block, filter, found);
    return new JsonText(`[${found.join(',')}]`);
  }
  const { from, to } = readRange(blocks, parameters, fields);
  return turns.take(() => logsOfRange(blocks, filter, from, to, limits));
}

function readRange(
  blocks: EthBlocks,
  parameters: CallParameters,
  fields: Readonly<Record<string, unknown>>,
): { readonly from: number; readonly to: number } {
  const end = (value: unknown) => {
    if (value === undefined || value === null) return blocks.view.head.latest;
    const name = parameters.blockName(0, value);
    if (typeof name === 'object')
      return parameters.wrong(0, 'a filter whose ends are numbers or tags', value);
    return blocks.indexOf(name);
  };
  const [from, wanted] = [end(fields.fromBlock), end(fields.toBlock)];
  if (from > wanted)
    parameters.wrong(0, 'a filter whose fromBlock is not above its toBlock', [
      fields.fromBlock,
      fields.toBlock,
    ]);
  const to = Math.min(wanted, blocks.view.head.latest);
  const { oldest } = blocks.view;
  if (from < oldest && to >= from)
    throw new RpcError(
      rpcCodes.notFound,
      `Blocks below ${oldest} are not kept here: ask from ${hexNumber(oldest)} on, or ask a node that keeps all.`,
    );
  return { from, to };
}

/** An error that other providers' clients understand, ours among them: they ask again for the range that it names. */
function tooMuch(why: string, from: number, to: number): RpcError {
  return new RpcError(
    rpcCodes.limit,
    `eth_getLogs: ${why}. This block range should work: [${hexNumber(from)}, ${hexNumber(to)}].`,
    { from: hexNumber(from), to: hexNumber(to) },
  );
}

async function logsOfRange(
  blocks: EthBlocks,
  filter: LogFilter,
  from: number,
  to: number,
  limits: GetLogsLimits,
): Promise<JsonText> {
  if (to - from + 1 > limits.blocks)
    throw tooMuch(
      `the range has ${to - from + 1} blocks, more than ${limits.blocks}`,
      from,
      from + limits.blocks - 1,
    );
  const found: string[] = [];
  const began = performance.now();
  let slice = began;
  for (let index = from; index <= to; index++) {
    const summary = blocks.summaryAt(index);
    // A block can leave the chain while others had the thread.
    if (!summary && index <= blocks.view.head.latest)
      throw new RpcError(rpcCodes.notFound, `unknown block ${index}: it has just left the chain, try again.`);
    const block = summary && mayMatch(filter, summary) ? blocks.at(index) : undefined;
    if (block) collect(block, filter, found);
    if (found.length > limits.logs && index > from)
      throw tooMuch(`the range has more than ${limits.logs} logs`, from, index - 1);
    const now = performance.now();
    if (now - began > limits.milliseconds && index < to)
      throw tooMuch(`the range took more than ${limits.milliseconds} ms`, from, index);
    if (now - slice > SLICE_MS && index < to) {
      const before = blocks.view.idAt(index);
      await setImmediate();
      // Where this block still stands, all before it do.
      if (blocks.view.idAt(index) !== before)
        throw new RpcError(
          rpcCodes.refused,
          'The chain was reorganized while its logs were read: try again.',
        );
      slice = performance.now();
    }
  }
  return new JsonText(`[${found.join(',')}]`);
}

function collect(block: EthBlock, filter: LogFilter, into: string[]): void {
  for (const [logIndex, log] of block.logs.entries())
    if (matches(filter, log)) into.push(block.logJson(logIndex, log));
}

/** The logs of a block that a filter wants, with their places. */
export function* logsOf(block: EthBlock, filter: LogFilter): Generator<readonly [number, PlacedLog]> {
  for (const [logIndex, log] of block.logs.entries()) if (matches(filter, log)) yield [logIndex, log];
}
