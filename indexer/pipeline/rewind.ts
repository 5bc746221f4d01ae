// Takes a deployment back to an earlier block on an operator's word, whoever indexes it: the lease is taken away from the process that
// holds it, which finds that out, takes it again and goes on from there.
import type pg from 'pg';
import { DeploymentStore, type RevertResult } from '#indexer/store/index.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Source } from '../sources/source.ts';
import { notifyAssignments } from './assignments.ts';

export interface Rewind extends RevertResult {
  readonly deployment: string;
  /** The new head; null when it starts over. */
  readonly to: number | null;
}

const LEASE_MS = 10_000;

/**
 * @param to the block that becomes the head, or `start` to index everything again
 * @param openSource asked only when the deployment does not remember the block
 * @throws AiosError `REWIND_IMPOSSIBLE` naming the blocks that can be chosen
 */
export async function rewindDeployment(
  pool: pg.Pool,
  id: string,
  to: number | 'start',
  openSource: () => Promise<Source>,
): Promise<Rewind> {
  const deployment = await new DeploymentStore(pool).open(id);
  const { head, earliestBlock } = await deployment.record();
  const refuse = (why: string) => new AiosError('REWIND_IMPOSSIBLE', `${id} cannot be rewound: ${why}`);
  if (!head) throw refuse('it has not indexed anything yet');
  if (to !== 'start' && to >= head.number)
    throw refuse(`it stands at block ${head.number}; name an earlier block`);
  if (to !== 'start' && to < earliestBlock)
    throw refuse(
      `its history begins at block ${earliestBlock}; name a block from there to ${head.number - 1}, or "start" to index everything again`,
    );
  const block = to === 'start' ? null : await pointerOf(to, id, deployment, openSource);
  const lease = await deployment.seizeLease(`rewind-${process.pid}`, LEASE_MS);
  const renewal = setInterval(
    () => void deployment.renewLease(lease, LEASE_MS).catch(() => undefined),
    LEASE_MS / 3,
  );
  try {
    const result = await deployment.revertTo(lease, block);
    return { ...result, deployment: id, to: block?.number ?? null };
  } finally {
    clearInterval(renewal);
    await deployment.releaseLease(lease).catch(() => undefined);
    await notifyAssignments(pool).catch(() => undefined);
  }
}

async function pointerOf(
  number: number,
  id: string,
  deployment: Awaited<ReturnType<DeploymentStore['open']>>,
  openSource: () => Promise<Source>,
) {
  const stored = await deployment.findBlock({ number });
  if (stored) return stored;
  const source = await openSource();
  try {
    const found = await source.blockPointer(number);
    if (found) return found;
  } finally {
    await source.close();
  }
  throw new AiosError(
    'REWIND_IMPOSSIBLE',
    `${id} cannot be rewound: its chain has no block ${number}; name one that exists`,
  );
}
