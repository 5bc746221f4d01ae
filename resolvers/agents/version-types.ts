// AgentVersion in GraphQL.
import type { AgentService } from './agent-service.ts';
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';

/** Gives `AgentVersion` its fields. */
export function defineVersionTypes(
  builder: AgentsBuilder,
  { AgentVersion }: AgentTypes,
  service: AgentService,
): void {
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
      archive: t.string({
        nullable: true,
        description:
          'Its package, a .tar.gz in base64, from which any of its runs can be run again elsewhere; null for who may not look at its runs. For a few versions an operation.',
        resolve: async (version, _args, context) => {
          if (!(await service.access.mayLook(context.viewer, version))) return null;
          return context.archiveOf(version);
        },
      }),
    }),
  });
}
