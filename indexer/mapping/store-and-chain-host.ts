// The usual answers to a mapping's questions: entities from the deployment's tables, calls from its source.
import type { BlockPointer, EntityData, EntityId, Hex } from '#indexer/model.ts';
import type { Source } from '../sources/source.ts';
import { keyOf } from './entity-types.ts';
import type { MappingHost } from './mapping-worker.ts';

/** The part of the store's `Deployment` that mappings read. */
export interface ReadableDeployment {
  /** Keys are ids as text: Bytes as 0x and lower-case hex. */
  loadEntities(type: string, ids: readonly EntityId[]): Promise<ReadonlyMap<string, EntityData>>;
  regionsOf?(type: string, ids: readonly EntityId[]): Promise<ReadonlyMap<string, number>>;
  loadRelated(
    type: string,
    field: string,
    id: EntityId,
  ): Promise<readonly { readonly type: string; readonly data: EntityData }[]>;
}

/** A host over a deployment's store and its source. Questions the source cannot answer reject, so the run is tried again later. */
export function storeAndChainHost(
  deployment: ReadableDeployment,
  source: Pick<Source, 'call' | 'getBalance' | 'hasCode'>,
  log?: MappingHost['log'],
): MappingHost {
  return {
    async loadEntities(type, ids) {
      const found = await deployment.loadEntities(type, ids);
      return ids.map((id) => found.get(keyOf(id)) ?? null);
    },
    async loadRelated(type, field, id) {
      return (await deployment.loadRelated(type, field, id)).map(({ data }) => data);
    },
    async regionsOf(type, ids) {
      const found = await deployment.regionsOf?.(type, ids);
      return ids.map((id) => found?.get(keyOf(id)) ?? null);
    },
    async call(block: BlockPointer, to: Hex, data: Hex) {
      const answer = await source.call({ to, data, block });
      return answer.reverted ? null : answer.data;
    },
    getBalance: (block, address) => source.getBalance(address, block),
    hasCode: (block, address) => source.hasCode(address, block),
    ...(log && { log }),
  };
}
