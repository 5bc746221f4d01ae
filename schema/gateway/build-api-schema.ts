// Builds the schema that clients see, out of its pieces, without holding up the thread that serves.
import {
  type DefinitionNode,
  GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  specifiedDirectives,
} from 'graphql';
// What `buildASTSchema` does before it resolves all types at once; that part takes 100 ms a megabyte and is ours to slice.
import { extendSchemaImpl } from 'graphql/utilities/extendSchema.js';
import { timeSlices } from './time-slices.ts';

/**
 * The same as `buildSchema(pieces.join())`, a slice at a time. The pieces are taken to be valid.
 * @throws GraphQLError when a piece does not parse
 */
export async function buildApiSchema(pieces: readonly string[]): Promise<GraphQLSchema> {
  const pause = timeSlices();
  const definitions: DefinitionNode[] = [];
  for (const piece of pieces) {
    definitions.push(...parse(piece, { noLocation: true }).definitions);
    await pause();
  }
  const config = extendSchemaImpl(
    {
      description: undefined,
      types: [],
      directives: [],
      extensions: {},
      extensionASTNodes: [],
      assumeValid: false,
    } as unknown as Parameters<typeof extendSchemaImpl>[0],
    { kind: Kind.DOCUMENT, definitions },
    { assumeValid: true },
  );
  await pause();
  for (const type of config.types) {
    if (isObjectType(type) || isInterfaceType(type)) {
      type.getInterfaces();
      type.getFields();
    } else if (isInputObjectType(type)) type.getFields();
    else if (isUnionType(type)) type.getTypes();
    await pause();
  }
  const named = (name: string) => config.types.filter(isObjectType).find((type) => type.name === name);
  return new GraphQLSchema({
    ...config,
    query: config.query ?? named('Query'),
    mutation: config.mutation ?? named('Mutation'),
    subscription: config.subscription ?? named('Subscription'),
    directives: [
      ...config.directives,
      ...specifiedDirectives.filter(({ name }) => config.directives.every((known) => known.name !== name)),
    ],
    assumeValid: true,
  });
}
