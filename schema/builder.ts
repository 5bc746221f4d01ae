// The one Pothos builder of the house: every service subgraph starts from here, so that all speak the same dialect.
import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import DirectivesPlugin from '@pothos/plugin-directives';
import ErrorsPlugin from '@pothos/plugin-errors';
import FederationPlugin from '@pothos/plugin-federation';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ValidationPlugin, { type StandardSchemaV1 } from '@pothos/plugin-validation';
import { AiosError } from '#node/platform/errors.ts';
import type { OperationContext } from '#node/platform/operation.ts';
import AccessPlugin from './access.ts';
import {
  AddressScalar,
  BigIntScalar,
  BytesScalar,
  DateTimeScalar,
  DidScalar,
  JsonScalar,
} from './scalars.ts';

/** Version of the federation specification that all subgraphs link to. */
export const FEDERATION_SPEC = 'https://specs.apollo.dev/federation/v2.6';

/** The scalars of the builder: what a resolver returns and what it is given. */
export type BuilderScalars = {
  readonly ID: { Input: string; Output: string | number | bigint };
  readonly DateTime: { Input: Date; Output: Date | string };
  readonly BigInt: { Input: bigint; Output: bigint | number | string };
  readonly Bytes: { Input: string; Output: string | Uint8Array };
  readonly Address: { Input: string; Output: string };
  readonly DID: { Input: string; Output: string };
  readonly JSON: { Input: unknown; Output: unknown };
};

function validationMessage(failure: StandardSchemaV1.FailureResult): AiosError {
  const issues = failure.issues.map((issue) => {
    const path = issue.path?.map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    return { path: path ?? '', message: issue.message };
  });
  const text = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new AiosError('BAD_USER_INPUT', text, { details: { issues } });
}

/**
 * A fresh builder for one service subgraph. `Context` is what its resolvers see: the operation context plus the
 * services it needs; build the value in `toSubgraph`'s `context` option.
 *
 * - Fields and lists are non-null unless they say `nullable: true`.
 * - `authenticated: true` and `requiresScopes: [['a', 'b'], ['c']]` on a field or type print the federation
 *   directive and are enforced here. `authScopes` (scope-auth) is there for rules that depend on the object.
 * - `errors: { types: [AiosError] }` turns a thrown `AiosError` into the typed result `UserError`.
 * - Relay connections; `PageInfo` and `UserError` are shareable, since several subgraphs define them.
 * - `validate` takes any Standard Schema (zod).
 *
 * @example
 * const builder = createBuilder<OperationContext & { profiles: Profiles }>();
 * builder.queryType({ description: '…' });
 * builder.queryField('me', (t) => t.field({ type: Account, nullable: true, authenticated: true, resolve: … }));
 * export const subgraph = toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'identity');
 */
export function createBuilder<Context extends OperationContext>() {
  const builder = new SchemaBuilder<{
    Context: Context;
    Scalars: BuilderScalars;
    AuthScopes: { authenticated: boolean; scopes: readonly string[] };
    DefaultFieldNullability: false;
    DefaultEdgesNullability: false;
    DefaultNodeNullability: false;
  }>({
    plugins: [
      ErrorsPlugin,
      AccessPlugin,
      ScopeAuthPlugin,
      RelayPlugin,
      DataloaderPlugin,
      ValidationPlugin,
      FederationPlugin,
      DirectivesPlugin,
    ],
    defaultFieldNullability: false,
    errors: { defaultTypes: [], directResult: true, onResolvedError: () => {} },
    relay: {
      cursorType: 'String',
      clientMutationId: 'omit',
      nodeQueryOptions: false,
      nodesQueryOptions: false,
      edgesFieldOptions: { nullable: false },
      nodeFieldOptions: { nullable: false },
      pageInfoTypeOptions: { shareable: true, description: 'Where a page of a connection stands.' },
    },
    scopeAuth: {
      authorizeOnSubscribe: true,
      treatErrorsAsUnauthorized: false,
      authScopes: (context) => ({
        authenticated: context.viewer !== null,
        scopes: (wanted: readonly string[]) =>
          wanted.every((scope) => context.viewer?.scopes.includes(scope) === true),
      }),
      unauthorizedError: (_parent, context, info) =>
        context.viewer
          ? new AiosError('FORBIDDEN', `not allowed to read ${info.parentType.name}.${info.fieldName}`)
          : new AiosError(
              'UNAUTHENTICATED',
              `${info.parentType.name}.${info.fieldName} needs a signed-in user: sign in and send the access token`,
            ),
    },
    validation: { validationError: validationMessage },
  });

  builder.addScalarType('DateTime', DateTimeScalar);
  builder.addScalarType('BigInt', BigIntScalar);
  builder.addScalarType('Bytes', BytesScalar);
  builder.addScalarType('Address', AddressScalar);
  builder.addScalarType('DID', DidScalar);
  builder.addScalarType('JSON', JsonScalar);

  builder.objectType(AiosError, {
    name: 'UserError',
    shareable: true,
    description: 'Something the user can put right. `code` is stable, `message` says what to do.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Stable and machine-readable.' }),
      message: t.exposeString('message', { description: 'What was wrong and what to do, in English.' }),
      details: t.expose('details', { type: 'JSON', description: 'Facts that belong to the code.' }),
    }),
  });
  return builder;
}

/** The builder's type, for files that define types on a builder made elsewhere. */
export type Builder<Context extends OperationContext> = ReturnType<typeof createBuilder<Context>>;
