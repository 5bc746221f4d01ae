// Where a deployment's chain and the source's part: the newest block that both still have.
import type { Deployment, StoredBlock } from '#indexer/store/index.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer } from '../model.ts';
import type { Source } from '../sources/source.ts';

// As many blocks as the store remembers below the head.
const REMEMBERED = 1_000;
const ASKED_AT_ONCE = 16;

/**
 * The newest stored block that is still on the chain; null when the deployment has to start over.
 *
 * @throws AiosError `REORG_TOO_DEEP` when a chain with finality shares none of the remembered blocks: not a reorg, another chain.
 */
export async function commonAncestor(
  deployment: Pick<Deployment, 'recentBlocks' | 'id'>,
  source: Pick<Source, 'blockPointer' | 'capabilities' | 'name'>,
): Promise<BlockPointer | null> {
  const stored = await deployment.recentBlocks(REMEMBERED);
  for (let at = 0; at < stored.length; at += ASKED_AT_ONCE) {
    const some = stored.slice(at, at + ASKED_AT_ONCE);
    const onChain = await Promise.all(some.map((block) => source.blockPointer(block.number)));
    const found = some.find((block, index) => onChain[index]?.hash === block.hash);
    if (found) return pointer(found);
  }
  if (stored.length >= REMEMBERED && source.capabilities.finality)
    throw new AiosError(
      'REORG_TOO_DEEP',
      `none of the last ${stored.length} blocks of ${deployment.id} is on the chain ${source.name} any more; ` +
        'check that its RPC URL serves the same chain, or remove the deployment and deploy it again',
    );
  return null;
}

function pointer({ number, hash }: StoredBlock): BlockPointer {
  return { number, hash };
}
