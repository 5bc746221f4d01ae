// AgentVersion in GraphQL.
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';

/** Gives `AgentVersion` its fields. */
export function defineVersionTypes(builder: AgentsBuilder, { AgentVersion }: AgentTypes): void {
  builder.objectType(AgentVersion, {
    description: 'A version of an agent as it was deployed somewhere. It never changes.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Decimal.' }),
      number: t.exposeInt('number', { description: '1, 2, 3, … at its place.' }),
      cid: t.exposeString('packageCid', { description: 'Content identifier of its package.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was deployed first.' }),
      createdBy: t.field({
        type: 'DID',
        description: 'Who deployed it.',
        resolve: ({ createdBy }) => createdBy,
      }),
      manifest: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Its agent.json: capabilities, schemas, schedule, limits.',
        resolve: async ({ packageCid }, _args, context) =>
          (await context.packageOf.load(packageCid))?.manifest ?? null,
      }),
      language: t.string({
        nullable: true,
        description: 'javascript, python, wasm or workflow.',
        resolve: async ({ packageCid }, _args, context) =>
          (await context.packageOf.load(packageCid))?.language ?? null,
      }),
      size: t.int({
        nullable: true,
        description: 'Bytes of its files.',
        resolve: async ({ packageCid }, _args, context) =>
          (await context.packageOf.load(packageCid))?.size ?? null,
      }),
    }),
  });
}
