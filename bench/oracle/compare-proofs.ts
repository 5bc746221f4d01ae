// Proofs of indexing, at blocks of all ages, in nobody's name and in somebody's.

import type { Hex } from '#indexer/model.ts';
import { proofOfIndexingAt } from '#indexer/proof/read-proof.ts';
import { Difference } from './difference.ts';
import type { OracleChain } from './oracle-chain.ts';
import type { Random } from './random.ts';
import type { Pair } from './run-oracle.ts';

const BLOCKS = 10;
const INDEXER: Hex = '0x00000000000000000000000000000000000a105a';

/** @throws Difference at the first that is not graph-node's */
export async function compareProofs(
  { fixture, theirs, theirId, ours, deployment }: Pair,
  chain: OracleChain,
  random: Random,
): Promise<void> {
  const { number: head } = await chain.head();
  const blocks = new Set([head]);
  while (blocks.size < Math.min(BLOCKS, head)) blocks.add(1 + random.below(head));
  for (const number of [...blocks].sort((a, b) => a - b)) {
    const hash = await chain.hashOf(number);
    for (const indexer of [null, INDEXER]) {
      const answer = await theirs.status(
        `{ proofOfIndexing(subgraph: "${theirId}", blockNumber: ${number}, blockHash: "${hash}"${indexer ? `, indexer: "${indexer}"` : ''}) }`,
      );
      const expected = (answer.data as { proofOfIndexing: string | null } | undefined)?.proofOfIndexing;
      const found = await proofOfIndexingAt(ours.pool, deployment.id, { number, hash }, indexer, theirId);
      if (expected !== found || expected === null || expected === undefined)
        throw new Difference(
          `${fixture.name}: the proof of indexing at block ${number} for ${indexer ?? 'nobody'} is ${found}, graph-node says ${expected ?? JSON.stringify(answer)}`,
        );
    }
  }
  console.log(`${fixture.name}: proof of indexing equal at ${blocks.size} blocks up to ${head}`);
}
