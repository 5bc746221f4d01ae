// Puts deployments into the supergraph and takes them out: rows in the registry, after everything that could be wrong has been looked at.
import type pg from 'pg';
import { aliasNames } from '#indexer/query/face.ts';
import { addAlias, listAliases, removeAliases } from '#indexer/store/aliases.ts';
import { AiosError } from '#node/platform/errors.ts';
import { namesTopic } from '#node/platform/events/change-feed.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { composeSupergraph } from '#schema/compose/compose-supergraph.ts';
import { compositionFailed } from '#schema/gateway/supergraph-compiler.ts';
import { checkAlias } from './alias-rules.ts';
import { committedSubgraphs } from './committed-subgraphs.ts';
import { federatedMember } from './federated-members.ts';

export interface AliasRequest {
  readonly alias: string;
  /** Name of the deployment. */
  readonly name: string;
  /** Its schema.graphql. */
  readonly schema: string;
}

/**
 * Makes sure that a deployment can stand in the supergraph under an alias, and answers with the prefix of its fields there.
 * @throws AiosError `ALIAS_INVALID`, `ALIAS_RESERVED`, `ALIAS_TAKEN`, `COMPOSITION_FAILED` with every problem and its fix
 */
export async function checkFederation(pool: pg.Pool, request: AliasRequest): Promise<string> {
  const [members, taken] = await Promise.all([committedSubgraphs(), listAliases(pool)]);
  if (members.some((member) => member.name === request.name)) {
    throw new AiosError('ALIAS_RESERVED', `${request.name} stands in the supergraph as it is.`);
  }
  const prefix = checkAlias(
    request.alias,
    request.name,
    taken,
    members.map((member) => member.name),
  );
  const composed = composeSupergraph([
    ...members,
    ...taken.flatMap(({ alias, schema }) =>
      schema === null || alias === request.alias ? [] : federatedMember(alias, schema),
    ),
    federatedMember(request.alias, request.schema),
  ]);
  if (!composed.ok) throw compositionFailed(composed.problems);
  return prefix;
}

/** Puts a deployment into the supergraph of every gateway. @throws AiosError as `checkFederation` */
export async function federate(pool: pg.Pool, request: AliasRequest): Promise<string> {
  const prefix = await checkFederation(pool, request);
  const taken = () =>
    new AiosError('ALIAS_TAKEN', `"${request.alias}" was taken a moment ago: take another alias.`);
  const added = await addAlias(pool, { alias: request.alias, prefix, name: request.name }).catch(
    (error: unknown) => {
      throw (error as { code?: unknown }).code === '23505' ? taken() : error;
    },
  );
  if (!added) throw taken();
  await sendSignal(pool, namesTopic, null);
  return prefix;
}

/** Takes a name out of the supergraph. @throws AiosError `NOT_FEDERATED` */
export async function unfederate(pool: pg.Pool, name: string, alias?: string): Promise<string[]> {
  const removed = await removeAliases(pool, name, alias);
  if (removed.length === 0) {
    throw new AiosError(
      'NOT_FEDERATED',
      `${name} does not stand in the supergraph${alias === undefined ? '' : ` under the alias ${alias}`}: aios subgraph list shows what does.`,
    );
  }
  await sendSignal(pool, namesTopic, null);
  return removed;
}

/** The field by which an alias is known to be served: every federated deployment has it. */
export const metaFieldOf = (alias: string): string => aliasNames(alias).metaField;
