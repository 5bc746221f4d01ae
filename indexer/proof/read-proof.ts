// Proofs of indexing of stored deployments, at any block they know.
import { findDeployment } from '#indexer/store/deployments.ts';
import { firstVidAfter } from '#indexer/store/layout.ts';
import type { Queryable } from '#node/platform/postgres/transaction.ts';
import type { Hex } from '../model.ts';
import { PROOF_ENTITY } from './proof-entity.ts';
import { proofOfIndexing, type RegionState } from './proof-of-indexing.ts';

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex'));

/**
 * The proof of a deployment at a block, in an indexer's name or in nobody's; null where there is none: the deployment is unknown,
 * has not come that far, or is from before proofs were made. A deployment that failed has the proof of the block it failed in from
 * there on. Like graph-node, it takes the caller's word for the block's hash.
 *
 * @param name the id that the proof is made for, when it is not the deployment's own: gnd in its dev mode makes up ids
 */
export async function proofOfIndexingAt(
  db: Queryable,
  deployment: string,
  block: { readonly number: number; readonly hash: string },
  indexer: Hex | null,
  name = deployment,
): Promise<Hex | null> {
  const record = await findDeployment(db, deployment);
  if (!record?.proof || !record.head) return null;
  let at = block;
  if (record.head.number < block.number) {
    if (!record.failure) return null;
    at = record.failure.block ?? block;
  }
  const proof = proofOfIndexing({
    version: record.proof,
    deployment: name,
    block: { number: at.number, hash: bytesOf(at.hash) },
    indexer: indexer === null ? null : bytesOf(indexer),
    regions: await regionStates(db, record.sgd, at.number),
  });
  return `0x${Buffer.from(proof).toString('hex')}`;
}

/** The stored states valid at a block: one a causality region, of which there are as many as chains. */
async function regionStates(db: Queryable, sgd: number, block: number): Promise<RegionState[]> {
  const table = `"sgd${sgd}"."${PROOF_ENTITY.table}"`;
  const { rows } = await db.query<{ id: string; digest: Buffer }>(
    // A descent of (id, vid) a region, however long the history is.
    `with recursive region(id) as (
       (select id from ${table} order by id limit 1)
       union all
       select (select next.id from ${table} next where next.id > region.id order by next.id limit 1) from region where region.id is not null
     )
     select row.id, row.digest from region cross join lateral (
       select * from ${table} version where version.id = region.id and version.vid < $1 order by vid desc limit 1
     ) row where row.block_range @> $2::int4`,
    [firstVidAfter(block), block],
  );
  return rows.map(({ id, digest }) => ({ name: id, state: new Uint8Array(digest) }));
}
