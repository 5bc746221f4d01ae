// Agents that `npm run replay` records and replays: each language gives a few whose run depends on code, input, chance and answers.

import type { AgentCode, HostAnswer, HostCall, Json, Language } from '#node/agents/runtime/runtime.ts';
import { codeOf } from '#node/agents/runtime/testing/requests.ts';
import { wasmAgent } from '#node/agents/runtime/testing/wasm-agents.ts';

export interface ReplayAgent {
  readonly language: Language;
  readonly name: string;
  readonly code: AgentCode;
  /** The same code with one byte changed that matters. */
  readonly changedCode: AgentCode;
  input(turn: number): Json;
}

/** What the recorded world answers: depends on the call alone, sometimes with an error. */
export function world({ capability, args, index }: HostCall, turn: number): HostAnswer {
  if ((turn + index) % 5 === 4)
    return { error: { code: 'UPSTREAM_FAILED', message: `${capability} is down` } };
  return { ok: { echoed: args, price: 1 + ((turn * 7 + index * 13) % 97) / 8, note: 'größer 🦉' } };
}

const SHOP = `export async function run(input, aios) {
  const total = {};
  for (const item of input.items) {
    try {
      const { price } = aios.call('price', { item, lot: Math.floor(Math.random() * 9) });
      total[item] = price * 3;
    } catch (error) {
      aios.log('skipped', item, error.code);
    }
    await null;
  }
  return { total, at: new Date().toISOString(), roll: Math.random(), sorted: input.items.map((x) => x + '!').sort() };
}`;

const SEARCH = `export function run(input, aios) {
  const hits = aios.call('search', { q: input.items[0] });
  const words = /(\\w+)\\s*(\\w*)/.exec(JSON.stringify(hits));
  const seen = new Map();
  for (let i = 0; i < 20000; i += 1) seen.set((i * 7919) % 1013, i);
  return [words && words[1], seen.size, [...seen.keys()].slice(0, 3), Number('0.1') + 0.2];
}`;

const REQUEST = '["quote",{"of":"wasm"}]';
/** Reads every byte of its input, asks once, and answers what it was told. */
const summing = (multiplier: number) =>
  wasmAgent(
    `(loop $l
       (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const ${multiplier})) (i32.load8_u (i32.add (local.get $at) (local.get $i)))))
       (local.set $i (i32.add (local.get $i) (i32.const 1)))
       (br_if $l (i32.lt_u (local.get $i) (local.get $length))))
     (call $log (i32.const 1) (i32.const 1024) (i32.and (local.get $sum) (i32.const 15)))
     (call $call (i32.const 1024) (i32.const ${REQUEST.length}))`,
    { data: REQUEST },
  );

const FORECAST = `import random, statistics, time

def run(input, aios):
    prices = {}
    for item in input["items"]:
        try:
            prices[item] = aios.call("price", {"item": item, "lot": random.randrange(9)})["price"] * 3
        except aios.AiosCallError as problem:
            print("skipped", item, problem.code)
    noise = [random.gauss(0, 1) for _ in range(50)]
    return {"prices": prices, "at": time.time(), "noise": statistics.fmean(noise), "set": sorted({hash(x) % 97 for x in input["items"]})}
`;

const items = (turn: number): Json => ({
  items: ['pear', 'apple', `no ${turn}`, 'fig'].slice(0, 1 + (turn % 4)),
});

/** Another language adds its own here. */
export const REPLAY_AGENTS: readonly ReplayAgent[] = [
  {
    language: 'javascript',
    name: 'shop',
    code: codeOf('javascript', SHOP),
    changedCode: codeOf('javascript', SHOP.replace('* 3', '* 4')),
    input: items,
  },
  {
    language: 'javascript',
    name: 'search',
    code: codeOf('javascript', SEARCH),
    changedCode: codeOf('javascript', SEARCH.replace('i * 7919', 'i * 7918')),
    input: items,
  },
  {
    language: 'wasm',
    name: 'sum',
    code: codeOf('wasm', summing(31)),
    changedCode: codeOf('wasm', summing(33)),
    input: items,
  },
  {
    language: 'python',
    name: 'forecast',
    code: codeOf('python', FORECAST),
    changedCode: codeOf('python', FORECAST.replace('* 3', '* 4')),
    input: items,
  },
];
