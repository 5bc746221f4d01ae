// Asks graph-node and us the same, and demands the same text: introspection, random queries, mistakes.
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { Coverage } from './coverage.ts';
import { Difference, requireEqual } from './difference.ts';
import { MISTAKE_NAMES, mistake } from './mistakes.ts';
import type { OracleChain } from './oracle-chain.ts';
import { type ChainView, QueryMaker } from './query-maker.ts';
import type { Query } from './query-parts.ts';
import type { Random } from './random.ts';
import type { Pair } from './run-oracle.ts';
import { ValuePools } from './value-pools.ts';

/** One in so many queries is a mistake. */
const MISTAKE_SHARE = 8;

export async function compareQueries(
  pairs: readonly Pair[],
  chain: OracleChain,
  random: Random,
  { queries: count, all }: { readonly queries: number; readonly all: boolean },
): Promise<Coverage> {
  const coverage = new Coverage();
  const view = await chainView(chain);
  const subjects = await Promise.all(pairs.map((pair) => subjectOf(pair, view, random, coverage)));
  for (let index = 0; index < count; index++) {
    const { pair, maker, schema } = subjects[index % subjects.length] as Subject;
    const wrong = index % MISTAKE_SHARE === MISTAKE_SHARE - 1;
    const name = MISTAKE_NAMES[Math.floor(index / MISTAKE_SHARE) % MISTAKE_NAMES.length] ?? '';
    const query = wrong ? mistake(name, schema, random, view.head) : maker.make();
    if (wrong) coverage.shape('mistake');
    coverage.queries += 1;
    let answer: string;
    try {
      answer = await askBoth(pair, query);
    } catch (error) {
      // Some mistakes make graph-node close the connection: there is no answer to compare with.
      if (wrong && error instanceof TypeError) {
        console.log(`${pair.fixture.name}: graph-node gives no answer to a mistake: ${name}`);
        coverage.queries -= 1;
        continue;
      }
      if (!all || !(error instanceof Difference)) throw error;
      console.error(`${wrong ? `${name}: ` : ''}${error.message}\n`);
      coverage.differences += 1;
      continue;
    }
    if (answer.includes('"data"')) coverage.answered += 1;
    else coverage.errors += 1;
    if (hasSeveralRows(JSON.parse(answer))) coverage.severalRows += 1;
  }
  return coverage;
}

interface Subject {
  readonly pair: Pair;
  readonly maker: QueryMaker;
  readonly schema: ReturnType<typeof buildClientSchema>;
}

async function subjectOf(pair: Pair, chain: ChainView, random: Random, coverage: Coverage): Promise<Subject> {
  const introspection = await askBoth(pair, {
    text: getIntrospectionQuery({ directiveIsRepeatable: false, specifiedByUrl: false }),
  });
  console.log(`${pair.fixture.name}: introspection equal, ${introspection.length} characters`);
  const schema = buildClientSchema((JSON.parse(introspection) as { data: IntrospectionQuery }).data);
  const stored = await pair.deployment.recentBlocks(1_000);
  const known = { ...chain, hashes: new Map(stored.map(({ number, hash }) => [number, hash])) };
  const pools = await ValuePools.of(schema, async (query) => {
    const text = await pair.ours.queryText(pair.deployment.id, query);
    return (JSON.parse(text) as { data: Readonly<Record<string, unknown>> }).data;
  });
  return { pair, schema, maker: new QueryMaker({ schema, pools, chain: known, random, coverage }) };
}

/** @throws Difference */
async function askBoth(pair: Pair, { text, variables }: Query): Promise<string> {
  const [theirs, ours] = await Promise.all([
    pair.theirs.queryText(text, variables),
    pair.ours.queryText(pair.deployment.id, text, variables),
  ]);
  const asked = `${pair.fixture.name}: ${text}${variables ? `\nwith ${JSON.stringify(variables)}` : ''}`;
  // gnd in its dev mode makes up the deployment's id.
  const neutral = theirs
    .replaceAll(pair.theirId, pair.deployment.id)
    // The order of the two is graph-node's own chance.
    .replace(/\{"column":(\d+),"line":(\d+)\}/g, '{"line":$2,"column":$1}');
  requireEqual(asked, neutral, ours);
  return ours;
}

async function chainView(chain: OracleChain): Promise<ChainView> {
  const { number: head } = await chain.head();
  return { first: 1, head, hashes: new Map() };
}

function hasSeveralRows(value: unknown): boolean {
  if (Array.isArray(value)) {
    return (value.length > 1 && typeof value[0] === 'object') || value.some(hasSeveralRows);
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasSeveralRows);
}
