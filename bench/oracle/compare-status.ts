// The status API of both: the same schema, and the same said of every subgraph.
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { Difference, requireEqual } from './difference.ts';
import type { OracleChain } from './oracle-chain.ts';
import type { Random } from './random.ts';
import type { Pair } from './run-oracle.ts';

/** Without `entityChangesInBlock` and `apiVersions`: the one fails in graph-node where a subgraph has immutable entities, the other always. @throws Difference */
export async function compareStatus(pair: Pair, chain: OracleChain, random: Random): Promise<void> {
  const { fixture, theirId, deployment } = pair;
  const introspection = getIntrospectionQuery({ descriptions: false });
  const [theirs, ours] = await Promise.all([
    pair.theirs.status(introspection),
    pair.ours.status(introspection),
  ]);
  requireEqual('status API: schema', printed(theirs), printed(ours));
  const { number: head } = await chain.head();
  const id = (of: string) => [
    `indexingStatuses(subgraphs: ["${of}"]) { synced health paused fatalError { message } nonFatalErrors { message } historyBlocks entityCount
      chains { network chainHeadBlock { hash number } earliestBlock { hash number } latestBlock { hash number } lastHealthyBlock { number } } }`,
    `subgraphFeatures(subgraphId: "${of}") { apiVersion specVersion features dataSources handlers network }`,
    `blockHashFromNumber(network: "${fixture.network}", blockNumber: ${random.below(head) + 1})`,
  ];
  const asked = id(deployment.id);
  const blocks = asked.map((query) => ({ ours: query, theirs: query.replaceAll(deployment.id, theirId) }));
  for (const query of blocks) {
    const [expected, found] = await Promise.all([
      pair.theirs.status(`{ ${query.theirs} }`),
      pair.ours.status(`{ ${query.ours} }`),
    ]);
    requireEqual(`${fixture.name}, status API: ${query.ours}`, canonical(expected), canonical(found));
  }
  console.log(`${fixture.name}: status API equal, ${blocks.length} queries and the schema`);
}

function printed(answer: unknown): string {
  const { data } = answer as { data?: IntrospectionQuery };
  if (!data) throw new Difference(`no introspection of the status API: ${JSON.stringify(answer)}`);
  return printSchema(lexicographicSortSchema(buildClientSchema(data)));
}

/** JSON with sorted keys and kinds of handlers: in graph-node they are in no order that means anything. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) =>
    key === 'handlers' && Array.isArray(item)
      ? [...item].sort()
      : typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
  );
}
