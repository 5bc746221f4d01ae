// What the chain's network costs and loses: four processes that all know each other, under several loads.
//   node bench/run.mjs chain-network [--seconds 15] [--processes 4] [--only 1]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Topic } from '#node/chain/net/network.ts';
import { NodeProcess } from '#node/chain/net/testing/node-processes.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    processes: { type: 'string', default: '4' },
    only: { type: 'string' },
  },
  args: process.argv.slice(3),
});
const seconds = Number(values.seconds);
const genesis = 'be'.repeat(32);
const nodes: NodeProcess[] = [];
for (let nth = 0; nth < Number(values.processes); nth++)
  nodes.push(
    await NodeProcess.start({ genesis, bootstrap: nodes.flatMap(({ addresses }) => addresses.slice(0, 1)) }),
  );
while (nodes.some(({ peers }) => peers.length < nodes.length - 1))
  await new Promise((resolve) => setTimeout(resolve, 50));

/** Of all processes together. */
const loads: readonly [string, number, number, Topic, number][] = [
  ['idle', 0, 40, 'blocks', 0],
  ['the chain without transactions: 6 a second of 300 bytes', 6, 300, 'blocks', 0],
  ['twice that: 12 a second of 300 bytes', 12, 300, 'blocks', 0],
  ['40 a second of 600 bytes, 4 answers a second of 100 KB', 40, 600, 'votes', 4],
  ['400 a second of 600 bytes, 4 answers a second of 100 KB', 400, 600, 'votes', 4],
  ['40 a second of 60,000 bytes, 4 answers a second of 100 KB', 40, 60_000, 'transactions', 4],
];
const at = (sorted: readonly number[], share: number) =>
  sorted.length ? `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)} ms` : '–';
const all = (lists: readonly (readonly number[])[]) => lists.flat().sort((a, b) => a - b);

for (const [nth, [name, messages, messageBytes, topic, asks]] of loads.entries()) {
  if (values.only !== undefined && nth !== Number(values.only)) continue;
  const figures = await Promise.all(
    nodes.map((node) =>
      node.load({
        seconds,
        messagesPerSecond: messages / nodes.length,
        messageBytes,
        topic,
        asksPerSecond: asks / nodes.length,
      }),
    ),
  );
  const sum = (of: (each: (typeof figures)[number]) => number) =>
    figures.reduce((s, each) => s + of(each), 0);
  const latencies = all(figures.map((each) => each.latencies));
  const askTimes = all(figures.map((each) => each.askTimes));
  const expected = sum(({ sent }) => sent) * (nodes.length - 1);
  console.log(
    `${name}: ${expected - sum(({ received }) => received)} of ${expected} lost, p50 ${at(latencies, 0.5)}, p99 ${at(latencies, 0.99)}; ${sum(({ answered }) => answered)} of ${sum(({ asked }) => asked)} answers, p50 ${at(askTimes, 0.5)}, p99 ${at(askTimes, 0.99)}; cores per process ${figures.map(({ cores }) => cores.toFixed(3)).join(' ')}; ${figures.map(({ rssMb }) => rssMb.toFixed(0)).join(' ')} MB; load ${loadavg()[0]?.toFixed(1)}`,
  );
}
await Promise.all(nodes.map((node) => node.close()));
process.exit();
