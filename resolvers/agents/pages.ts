// Relay connections over lists that are newest first: a cursor is the id of the last node of a page.
import type { ArgBuilder, ObjectRef } from '@pothos/core';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext } from '#node/platform/operation.ts';
import type { Builder } from '#schema/builder.ts';

export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Where the next page begins after, when that is not the last node: a search that stopped on its way. */
  readonly end?: { readonly id: string };
}

export interface PageSize {
  readonly first: number;
  readonly before?: string;
}

interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
}

/** What a page asks for. @throws AiosError BAD_USER_INPUT, CURSOR_INVALID */
export function pageSizeOf({ first, after }: PageArgs): PageSize {
  const size = first ?? defaultFirst;
  if (size < 1 || size > maxFirst)
    throw new AiosError('BAD_USER_INPUT', `first is a number from 1 to ${maxFirst}.`);
  const match = after ? /^id:(\d{1,18})$/.exec(Buffer.from(after, 'base64url').toString()) : undefined;
  if (match === null)
    throw new AiosError('CURSOR_INVALID', 'This is not a cursor of this list. Use one that an edge carried.');
  return { first: size, before: match?.[1] };
}

const defaultFirst = 20;
const maxFirst = 100;

const cursorOf = ({ id }: { readonly id: string }) => Buffer.from(`id:${id}`).toString('base64url');

/** One page. @throws AiosError BAD_USER_INPUT, CURSOR_INVALID */
export async function pageOf<Node>(
  args: PageArgs,
  load: (size: PageSize) => Promise<readonly Node[]>,
): Promise<Page<Node>> {
  const { first, before } = pageSizeOf(args);
  const nodes = await load({ first: first + 1, before });
  return {
    nodes: nodes.slice(0, first),
    hasNextPage: nodes.length > first,
    hasPreviousPage: before !== undefined,
  };
}

/** What a schema needs for its pages. */
export function definePages<Context extends OperationContext>(builder: Builder<Context>) {
  type Types = Builder<Context> extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;
  const connection = <Node extends { readonly id: string }>(name: string, node: ObjectRef<Types, Node>) => {
    const Edge = builder.objectRef<Node>(`${name}Edge`);
    builder.objectType(Edge, {
      description: 'One of a page.',
      fields: (t) => ({
        cursor: t.string({ description: 'For `after`.', resolve: (item) => cursorOf(item) }),
        node: t.field({ type: node, description: 'Itself.', resolve: (item) => item as never }),
      }),
    });
    const Connection = builder.objectRef<Page<Node>>(`${name}Connection`);
    builder.objectType(Connection, {
      description: 'A page, newest first.',
      fields: (t) => ({
        edges: t.field({
          type: [Edge],
          description: 'This page.',
          resolve: ({ nodes }) => [...nodes] as never,
        }),
        pageInfo: t.field({
          type: builder.pageInfoRef(),
          description: 'Where this page stands.',
          resolve: ({ nodes, hasNextPage, hasPreviousPage, end: stopped }) => {
            const [start, end] = [nodes[0], stopped ?? nodes.at(-1)];
            return {
              hasNextPage,
              hasPreviousPage,
              startCursor: start ? cursorOf(start) : null,
              endCursor: end ? cursorOf(end) : null,
            };
          },
        }),
      }),
    });
    return Connection;
  };
  const pageArgs = (t: { readonly arg: ArgBuilder<Types> }) => ({
    first: t.arg.int({ description: `Page size, ${defaultFirst} when left out, at most ${maxFirst}.` }),
    after: t.arg.string({ description: 'Cursor of the last edge of the page before.' }),
  });
  return { connection, pageArgs, page: pageOf };
}
