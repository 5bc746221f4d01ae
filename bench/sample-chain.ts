// Serves a chain to look at: `node bench/run.mjs sample-chain [--port 8645] [--seed 7] [--past 600] [--transactions 6] [--still]` makes some minutes of history, then a
// round a second, until Ctrl-C. Name it in aios.config.ts as chains.aios.
import { parseArgs } from 'node:util';
import { RpcServer } from '#node/chain/rpc/rpc-server.ts';
import { SampleChain } from '#subgraphs/testing/sample-chain.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8645' },
    seed: { type: 'string', default: '7' },
    past: { type: 'string', default: '600' },
    transactions: { type: 'string', default: '6' },
    still: { type: 'boolean', default: false },
  },
  args: process.argv.slice(3),
});
const past = Number(values.past);
const begun = Date.now() - past * 1_000;
const chain = new SampleChain({
  seed: Number(values.seed),
  genesisTime: begun,
  transactions: Number(values.transactions),
});
while (chain.round < past) chain.step();
const server = await RpcServer.open({ view: chain.view, port: Number(values.port) });
console.log(
  `The sample chain (id ${chain.genesis.parameters.chainId}) is at http://127.0.0.1:${server.port}`,
);
// By the clock: a step that takes long is made up for.
const timer = setInterval(() => {
  if (values.still) return;
  while (chain.round < (Date.now() - begun) / 1_000) chain.step();
}, 100);
const end = async () => {
  clearInterval(timer);
  await server.close();
};
process.once('SIGINT', () => void end());
process.once('SIGTERM', () => void end());
