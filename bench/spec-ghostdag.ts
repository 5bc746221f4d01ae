// Checks the DAG against vectors from outside, and measures it.
//   npm run spec:ghostdag -- --vectors DIR [--k 18] [--pairs 2000]
// DIR is searched for .json and .json.gz of two shapes: GHOSTDAG vectors {K, GenesisID, Blocks: [{ID, Parents, ExpectedScore,
// ExpectedSelectedParent, ExpectedBlues, ExpectedReds}]}, of which everything is compared, order included; and reachability sets
// [{id, parents}], checked against the sets of all ancestors: every pair of blocks, or those with `--pairs` blocks drawn at random where
// there are more than 4,096. Reachability sets are coloured with `--k`, whose result is not compared, for the figure.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { BlockDag } from '#node/chain/dag/block-dag.ts';
import { networkDag, seeded } from '#node/chain/dag/testing/random-dag.ts';
import { messageOf } from '#node/platform/errors.ts';

const { values } = parseArgs({
  options: {
    vectors: { type: 'string' },
    k: { type: 'string', default: '18' },
    pairs: { type: 'string', default: '2000' },
  },
  args: process.argv.slice(3),
});

const allPairsUpTo = 4_096;
const mostBytes = 1 << 30;

const id = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[\x20-\x7e]+$/, 'an id is ASCII of at most 32 characters');
const ghostdagVectors = z.object({
  K: z.number().int().min(0).max(1_000),
  GenesisID: id,
  ExpectedReds: z.array(id).optional(),
  Blocks: z.array(
    z.object({
      ID: id,
      Parents: z.array(id).min(1),
      ExpectedScore: z.number().int(),
      ExpectedSelectedParent: id,
      ExpectedBlues: z.array(id),
      ExpectedReds: z.array(id),
    }),
  ),
});
const reachabilitySet = z.array(z.object({ id, parents: z.array(id) })).min(1);

/** Ids of vectors are text, filled up with zeros to 32 bytes. */
const hashOf = (text: string) => Buffer.from(text, 'latin1').toString('hex').padEnd(64, '0');
const textOf = (hash: string | undefined) =>
  Buffer.from((hash ?? '').replace(/(00)+$/, ''), 'hex').toString('latin1');

interface Report {
  readonly agree: number;
  readonly of: number;
  readonly what: string;
  readonly first?: string | undefined;
}

const files = values.vectors === undefined ? [] : filesBelow(values.vectors);
if (files.length === 0) {
  console.error(
    values.vectors === undefined
      ? 'Name a folder of vectors: npm run spec:ghostdag -- --vectors DIR. Public ones: testing/integration/testdata in github.com/kaspanet/rusty-kaspa.'
      : `There are no .json or .json.gz files below ${values.vectors}.`,
  );
  process.exit(2);
}
let [agree, disagree, refused] = [0, 0, 0];
for (const file of files) {
  const name = relative(values.vectors as string, file);
  try {
    const report = check(read(file));
    if (report === undefined) {
      console.log(`not of either shape, passed over: ${name}`);
      continue;
    }
    agree += report.agree;
    disagree += report.of - report.agree;
    console.log(
      `${report.agree === report.of ? 'agree    ' : 'DISAGREE '} ${report.agree} of ${report.of} ${report.what}: ${name}${report.first ? `\n          first: ${report.first}` : ''}`,
    );
  } catch (error) {
    refused += 1;
    console.log(`REFUSED  ${name}: ${messageOf(error)}`);
  }
}
console.log(`${agree} agree, ${disagree} disagree, ${refused} files refused`);
for (const k of [3, 18]) {
  const rate = measure(networkDag({ seed: 1, blocks: 2 ** 14, delay: k }), k);
  console.log(
    `16384 blocks of ours, each blind to at most ${k} of the last, k = ${k}: ${rate}; goal >= 5,000`,
  );
}
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
);
process.exitCode = disagree + refused > 0 ? 1 : 0;

function filesBelow(folder: string): string[] {
  try {
    if (!statSync(folder).isDirectory()) return [folder];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    console.error(`${folder} cannot be read: ${messageOf(error)}`);
    process.exit(2);
  }
}

function read(file: string): unknown {
  const bytes = readFileSync(file);
  const text = file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes;
  return JSON.parse(text.toString('utf8'));
}

function check(content: unknown): Report | undefined {
  if (Array.isArray(content)) {
    const first = content[0] as object | undefined;
    return first && 'id' in first && 'parents' in first
      ? checkReachability(reachabilitySet.parse(content))
      : undefined;
  }
  const isVectors =
    typeof content === 'object' && content !== null && 'GenesisID' in content && 'Blocks' in content;
  return isVectors ? checkGhostdag(ghostdagVectors.parse(content)) : undefined;
}

function checkGhostdag(vectors: z.infer<typeof ghostdagVectors>): Report {
  const dag = new BlockDag({ k: vectors.K, genesis: hashOf(vectors.GenesisID) });
  let agreeing = 0;
  let first: string | undefined;
  for (const block of vectors.Blocks) {
    const order = dag.add({ id: hashOf(block.ID), parents: block.Parents.map(hashOf) });
    const is = {
      score: order.blueScore,
      selectedParent: textOf(order.selectedParent),
      blues: order.blues.map(textOf),
      reds: order.reds.map(textOf),
    };
    const should = {
      score: block.ExpectedScore,
      selectedParent: block.ExpectedSelectedParent,
      blues: block.ExpectedBlues,
      reds: block.ExpectedReds,
    };
    if (JSON.stringify(is) === JSON.stringify(should)) agreeing += 1;
    else first ??= `block ${block.ID} is ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`;
  }
  return { agree: agreeing, of: vectors.Blocks.length, what: `blocks, k = ${vectors.K}`, first };
}

function checkReachability(set: z.infer<typeof reachabilitySet>): Report {
  const k = Number(values.k);
  const blocks = set.map(({ id, parents }) => ({ id: hashOf(id), parents: parents.map(hashOf) }));
  const rate = measure(blocks, k);
  const dag = dagOf(blocks, k);
  const places = new Map(blocks.map(({ id }, place) => [id, place]));
  // The ancestors of each block as bits: those of its parents, and the parents.
  const words = Math.ceil(blocks.length / 32);
  const pasts = blocks.map(() => new Uint32Array(words));
  for (const [place, { parents }] of blocks.entries()) {
    const past = pasts[place] as Uint32Array;
    for (const parent of parents) {
      const at = places.get(parent) as number;
      const above = pasts[at] as Uint32Array;
      for (let word = 0; word < words; word++) past[word] = (past[word] as number) | (above[word] as number);
      past[at >>> 5] = (past[at >>> 5] as number) | (1 << (at & 31));
    }
  }
  const random = seeded(1);
  const drawn =
    blocks.length <= allPairsUpTo
      ? blocks.map((_, place) => place)
      : Array.from({ length: Number(values.pairs) }, () => Math.floor(random() * blocks.length));
  let [agreeing, of] = [0, 0];
  let first: string | undefined;
  for (const place of drawn) {
    const block = blocks[place]?.id as string;
    const past = pasts[place] as Uint32Array;
    for (const [other, { id }] of blocks.entries()) {
      const should = other === place || (((past[other >>> 5] as number) >>> (other & 31)) & 1) === 1;
      of += 1;
      if (dag.isAncestor(id, block) === should) agreeing += 1;
      else first ??= `${textOf(id)} ${should ? 'is' : 'is not'} in the past of ${textOf(block)}`;
    }
  }
  return { agree: agreeing, of, what: `pairs of ${blocks.length} blocks; k = ${k}: ${rate}`, first };
}

interface Block {
  readonly id: string;
  readonly parents: readonly string[];
}

function dagOf(blocks: readonly Block[], k: number): BlockDag {
  const [genesis, ...others] = blocks as [Block, ...Block[]];
  const dag = new BlockDag({ k, genesis: genesis.id });
  for (const block of others) dag.add(block);
  return dag;
}

/** How fast a DAG is built, colouring and reachability included: by CPU time, and by that of the second half alone, which is what a long chain costs. */
function measure(blocks: readonly Block[], k: number): string {
  const [genesis, ...others] = blocks as [Block, ...Block[]];
  const dag = new BlockDag({ k, genesis: genesis.id });
  const half = others.length >>> 1;
  const timed = (part: readonly Block[]) => {
    const before = process.cpuUsage();
    for (const block of part) dag.add(block);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const seconds = [timed(others.slice(0, half)), timed(others.slice(half))] as const;
  const all = others.length / (seconds[0] + seconds[1]);
  return `${Math.round(all).toLocaleString('en')} blocks per CPU second, ${Math.round((others.length - half) / seconds[1]).toLocaleString('en')} in the second half`;
}
