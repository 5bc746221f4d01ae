// A node's network in a process of its own, for tests and measurements: does what its parent says, and tells what came. Every message begins
// with the moment at which it was sent, so that whoever gets it knows how long it took.

import { Libp2pNetwork } from '../libp2p-network.ts';
import { openNodeKey } from '../node-key.ts';
import type { NodeOrder, NodeReport } from './node-processes.ts';

const settings = JSON.parse(process.env.NODE_SETTINGS ?? '{}') as {
  readonly genesis: string;
  readonly keyFile: string;
  readonly listen: string;
  readonly bootstrap: readonly string[];
};
const network = await Libp2pNetwork.create({
  genesis: settings.genesis,
  key: await openNodeKey(settings.keyFile),
  listen: [settings.listen],
  bootstrap: settings.bootstrap,
});

const nowMs = () => performance.timeOrigin + performance.now();
const report = (message: NodeReport) => process.send?.(message);
let latencies: number[] = [];
let bytes = 0;
const answer = new Uint8Array(100_000).fill(7);

await network.start({
  message: async (_from, _topic, message) => {
    latencies.push(nowMs() - Buffer.from(message.buffer, message.byteOffset).readDoubleLE(0));
    bytes += message.length;
    return 'accept';
  },
  answer: async function* () {
    yield answer;
  },
  connected: () => report({ kind: 'peers', peers: network.peers }),
  disconnected: () => report({ kind: 'peers', peers: network.peers }),
});
report({ kind: 'ready', self: network.self, addresses: network.addresses });

process.on('message', (order: NodeOrder) => void obey(order));
process.on('disconnect', () => process.exit());

async function obey(order: NodeOrder): Promise<void> {
  if (order.kind === 'close') {
    await network.close();
    process.exit();
  }
  const { seconds, messagesPerSecond, messageBytes, topic, asksPerSecond } = order;
  latencies = [];
  bytes = 0;
  const started = performance.now();
  const cpu = process.cpuUsage();
  let sent = 0;
  let asked = 0;
  let answered = 0;
  const askTimes: number[] = [];
  const timer = setInterval(() => {
    const passed = (performance.now() - started) / 1_000;
    for (; sent < passed * messagesPerSecond; sent++) {
      const message = Buffer.alloc(messageBytes);
      crypto.getRandomValues(message.subarray(8, 40));
      message.writeDoubleLE(nowMs());
      network.publish(topic, message);
    }
    for (; asked < passed * asksPerSecond; asked++) {
      const peer = network.peers[asked % network.peers.length];
      if (peer === undefined) continue;
      const at = performance.now();
      void (async () => {
        for await (const part of network.ask(peer, 'blocks', new Uint8Array([0])))
          if (part.length === answer.length) answered++;
        askTimes.push(performance.now() - at);
      })().catch(() => {});
    }
  }, 20);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  clearInterval(timer);
  const { user, system } = process.cpuUsage(cpu);
  const cores = (user + system) / 1_000 / (performance.now() - started);
  // What is on its way yet.
  await new Promise((resolve) => setTimeout(resolve, Math.min(3_000, 1_000 * seconds)));
  const { duplicates, dropped } = network.figures;
  report({
    kind: 'figures',
    sent,
    received: latencies.length,
    bytes,
    duplicates,
    dropped,
    asked,
    answered,
    cores,
    latencies: latencies.sort((a, b) => a - b),
    askTimes: askTimes.sort((a, b) => a - b),
    rssMb: process.memoryUsage().rss / 1e6,
  });
}
