// Measures the mapping runtime by CPU time, so that a busy machine does not change the figure much.
import type { BlockOutcome } from '#indexer/model.ts';
import type { LoadedSubgraph } from '../../manifest/manifest.ts';
import type { MappingBlock } from '../../pipeline/mapper.ts';
import type { ProofVersion } from '../../proof/event-stream.ts';
import { BlockRunner } from '../block-runner.ts';
import { MemoryStore } from './memory-store.ts';
import { transferBlock, triggersFor } from './synthetic-chain.ts';

/** Runs transfers between 2,000 accounts of 5 tokens after warming up on a tenth as many blocks. */
export function measureRunner(
  subgraph: LoadedSubgraph,
  {
    blocks,
    transfersPerBlock,
    proof = null,
  }: {
    readonly blocks: number;
    readonly transfersPerBlock: number;
    readonly proof?: ProofVersion | null;
  },
): { readonly perCpuSecond: number; readonly handlers: number } {
  const store = new MemoryStore(subgraph.schema);
  const runner = new BlockRunner(subgraph, store, { proof });
  let random = 1;
  const next = (below: number): number => {
    random = (random * 48_271) % 0x7fffffff;
    return random % below;
  };
  const made = (number: number): MappingBlock => {
    const transfers = Array.from({ length: transfersPerBlock }, () => ({
      token: next(5),
      from: 1000 + next(2000),
      to: 1000 + next(2000),
      value: BigInt(next(1_000_000_000)) * 1_000_003_001n,
    }));
    const block = transferBlock(number, transfers);
    return { ...block, triggers: triggersFor(block, 'handleTransfer') };
  };
  const warmUp = Math.ceil(blocks / 10);
  const input = Array.from({ length: blocks + warmUp }, (_, index) => made(index + 1));
  const run = (block: MappingBlock): BlockOutcome => {
    const outcome = runner.run(block);
    if (outcome.failure) throw new Error(outcome.failure.message);
    store.apply(outcome);
    runner.visible(block.header.number);
    return outcome;
  };
  for (const block of input.slice(0, warmUp)) run(block);
  const started = process.cpuUsage();
  for (const block of input.slice(warmUp)) run(block);
  const { user, system } = process.cpuUsage(started);
  const handlers = blocks * transfersPerBlock;
  return { perCpuSecond: handlers / ((user + system) / 1e6), handlers };
}
