// Entities that other subgraphs define, as this one names them: by their id.
import type { OperationContext } from '#node/platform/operation.ts';
import type { Builder } from './builder.ts';

/** What a subgraph knows of an entity that another one defines. */
export interface Reference {
  readonly id: string;
}

/** An entity of another subgraph that fields here lead to, and that nothing is added to. */
export function referenceTo<Context extends OperationContext>(builder: Builder<Context>, name: string) {
  const ref = builder.externalRef(name, builder.keyDirective(builder.selection<Reference>('id'), false));
  ref.implement({ externalFields: (t) => ({ id: t.id({ nullable: false }) }) });
  return ref;
}

/** An entity of another subgraph that this one adds fields to: `implement` it with `externalId`. */
export function extensionOf<Context extends OperationContext>(builder: Builder<Context>, name: string) {
  return builder.externalRef(name, builder.selection<Reference>('id'), (entity): Reference => entity);
}
