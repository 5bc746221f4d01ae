// How the state of a proof of indexing is stored: as graph-node's entity Poi$ in the table poi2$, one a causality region, so that
// whatever reverts, copies or prunes entities does so with it.
import type { EntityField, EntityModification, EntityType } from '#indexer/model.ts';
import { type PreparedType, prepareType } from '../mapping/entity-types.ts';

/** The name of the entity type; no schema can declare it. */
export const PROOF_TYPE = 'Poi$';

const field = (name: string, kind: EntityField['kind']): EntityField => ({
  name,
  kind,
  typeName: kind,
  isList: false,
  nonNull: true,
  itemNonNull: false,
  isEnum: false,
});

export const PROOF_ENTITY: EntityType = {
  name: PROOF_TYPE,
  immutable: false,
  timeseries: false,
  idKind: 'String',
  interfaces: [],
  fields: [field('digest', 'Bytes'), field('id', 'String')],
  table: 'poi2$',
};

/** Slots of the prepared type's stored fields: they are sorted by name. */
export const DIGEST_SLOT = 0;
export const ID_SLOT = 1;

/** The type as the entity cache wants it; `index` is one that no type of the schema has. */
export function preparedProofType(index: number): PreparedType {
  return prepareType(PROOF_ENTITY, index, new Map());
}

/** What a block that failed keeps of its changes. */
export function onlyProof(modifications: readonly EntityModification[]): EntityModification[] {
  return modifications.filter(({ type }) => type === PROOF_TYPE);
}

/** The causality region of everything that a chain causes, as graph-node names it. */
export function causalityRegion(network: string): string {
  return `ethereum/${network}`;
}
