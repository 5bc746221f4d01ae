// Waiting for deployments to reach the head of their chain, and saying where two of them differ.
import { setTimeout as delay } from 'node:timers/promises';
import type { DeploymentStore } from '#indexer/store/index.ts';
import type { ChainHead } from '../oracle/oracle-chain.ts';

const REACH_TIMEOUT_MS = 240_000;

/** Until all of them stand on exactly this block. @throws Error with what each of them says of itself */
export async function reach(
  store: DeploymentStore,
  ids: readonly string[],
  head: ChainHead,
  describe: () => string = () => '',
): Promise<void> {
  const deadline = performance.now() + REACH_TIMEOUT_MS;
  for (;;) {
    // A database that was just killed answers nothing for a while.
    const heads = await store.heads().catch(() => new Map<string, ChainHead>());
    if (ids.every((id) => heads.get(id)?.hash === head.hash)) return;
    if (performance.now() > deadline) {
      const at = ids.map((id) => `${id} at ${heads.get(id)?.number ?? '-'}`).join(', ');
      throw new Error(`block ${head.number} was not reached: ${at}. ${describe()}`);
    }
    await delay(25);
  }
}

/** The first line that differs, of both; undefined when the texts are equal. */
export function firstDifference(left: string, right: string): string | undefined {
  if (left === right) return undefined;
  const [mine, other] = [left.split('\n'), right.split('\n')];
  const at = mine.findIndex((line, index) => line !== other[index]);
  return `line ${at}\n  lived through it  ${mine[at]}\n  fresh             ${other[at]}`;
}
