// Blocks for the probe, a fixture whose handlers do what their events say.
import { AbiCoder, keccak256, toUtf8Bytes } from 'ethers';
import type { Hex, Log, Receipt } from '#indexer/model.ts';
import type { MappingBlock } from '../../pipeline/mapper.ts';
import { header, transaction } from './synthetic-chain.ts';

export const PROBE: Hex = '0x0000000000000000000000000000000000000abc';
export const BORN: Hex = '0x00000000000000000000000000000000000b0042';
const coder = AbiCoder.defaultAbiCoder();

/** Number of the last block that was not given one. */
let height = 100;

export type Command = readonly [command: string, value?: bigint];

/** A block whose events carry commands; source 0 is the probe itself, others are what it created. */
export function commandBlock(
  commands: readonly Command[],
  options: { source?: number; number?: number } = {},
): MappingBlock {
  if (options.number === undefined) height += 1;
  const number = options.number ?? height;
  const source = options.source ?? 0;
  const made = transaction(number, 0);
  const topic0 = keccak256(toUtf8Bytes('Command(string,uint256)')) as Hex;
  const logs = commands.map(
    ([command, value = 0n], index): Log => ({
      address: source === 0 ? PROBE : BORN,
      topics: [topic0],
      data: coder.encode(['string', 'uint256'], [command, value]) as Hex,
      blockHash: header(number).hash,
      blockNumber: number,
      transactionHash: made.hash,
      transactionIndex: 0,
      logIndex: index,
    }),
  );
  const receipt: Receipt = {
    transactionHash: made.hash,
    transactionIndex: 0,
    blockHash: header(number).hash,
    blockNumber: number,
    cumulativeGasUsed: 99n,
    gasUsed: 77n,
    contractAddress: null,
    logs,
    status: 1n,
    root: '0x',
    logsBloom: `0x${'00'.repeat(256)}`,
  };
  return {
    header: header(number),
    transactions: new Map([[made.hash, made]]),
    receipts: new Map([[made.hash, receipt]]),
    triggers: logs.map((log) => ({
      kind: 'event',
      dataSource: source,
      handler: source === 0 ? 'handleCommand' : 'handleBornCommand',
      log,
      receipt: true,
    })),
  };
}
