// `npm run eval:agents`: how good the five templates are on seeds they were not tuned on, through the real runtime. `-- --data` writes the
// sample data and the trained model that the templates ship, from their seeds; `-- --golden` records the outputs of the golden scenarios
// again, for a change that was meant: read the difference.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAgentRuntime } from '#node/agents/runtime/agent-runtime.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import { applicant } from '#node/agents/templates/scenarios/credit-scoring.ts';
import { pricedProduct, profitAt } from '#node/agents/templates/scenarios/dynamic-pricing.ts';
import { stockItem } from '#node/agents/templates/scenarios/inventory-reordering.ts';
import {
  runBatch,
  runTemplate,
  TEMPLATES,
  type Template,
  templateFolder,
  templatePackage,
} from '#node/agents/templates/scenarios/run-template.ts';
import { cooledShipment } from '#node/agents/templates/scenarios/shipment-compliance.ts';
import { supportMessage, TRAINING } from '#node/agents/templates/scenarios/support-triage.ts';
import { train } from '#node/agents/templates/support-triage/classifier.ts';

/** Everything was tuned on seeds below this; what is printed comes from above. */
const FIRST_UNSEEN = 1_000_000;
const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => FIRST_UNSEEN + index);
const json = (values: readonly unknown[]): Json[] => values as Json[];
const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

if (process.argv.includes('--data')) {
  const samples: Record<Template, (seed: number) => unknown> = {
    'dynamic-pricing': (seed) => pricedProduct(seed, 60).input,
    'inventory-reordering': (seed) => stockItem(seed, 98).input,
    'credit-scoring': (seed) => ({ ...applicant(seed).input, defaulted: applicant(seed).defaulted }),
    'shipment-compliance': (seed) => cooledShipment(seed).input,
    'support-triage': (seed) => supportMessage(seed, false),
  };
  for (const name of TEMPLATES) {
    const count = { 'credit-scoring': 200, 'support-triage': 200 }[name as string] ?? 2;
    mkdirSync(join(templateFolder(name), 'data'), { recursive: true });
    const rows = Array.from({ length: count }, (_, index) => JSON.stringify(samples[name](index + 1)));
    writeFileSync(join(templateFolder(name), 'data', 'sample.json'), `[\n${rows.join(',\n')}\n]\n`);
  }
  const model = train(TRAINING.map((seed) => supportMessage(seed, false)));
  const words = Object.entries(model.words).map(
    ([word, row]) => `    ${JSON.stringify(word)}: ${JSON.stringify(row)}`,
  );
  const head = JSON.stringify({ queues: model.queues, priors: model.priors, unseen: model.unseen });
  writeFileSync(
    join(templateFolder('support-triage'), 'model.json'),
    `${head.slice(0, -1)},\n  "words": {\n${words.join(',\n')}\n  }\n}\n`,
  );
  process.exit(0);
}

for (const name of TEMPLATES) await templatePackage(name);
const runtime = createAgentRuntime({ python: { warm: 1 } });

if (process.argv.includes('--golden')) {
  for (const name of TEMPLATES) {
    const folder = join(templateFolder(name), 'golden');
    for (const file of readdirSync(folder)) {
      const golden = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { input: Json };
      const outcome = await runTemplate(runtime, name, golden.input);
      if (outcome.status !== 'completed') throw new Error(`${name}/${file}: ${outcome.error?.message}`);
      writeFileSync(
        join(folder, file),
        `${JSON.stringify({ ...golden, output: outcome.output }, undefined, 2)}\n`,
      );
    }
  }
  await runtime.close();
  process.exit(0);
}

async function pricing(): Promise<string> {
  const products = seeds(300).map((seed) => pricedProduct(seed));
  const outputs = await runBatch<{
    price: number;
    target: number | null;
    elasticity: number | null;
    confident: boolean;
  }>(runtime, 'dynamic-pricing', json(products.map(({ input }) => input)));
  const errors: number[] = [];
  const gains: number[] = [];
  const reached: number[] = [];
  let sure = 0;
  let outside = 0;
  outputs.forEach(({ price, target, elasticity, confident }, index) => {
    const product = products[index] as (typeof products)[0];
    if (elasticity !== null) errors.push(Math.abs(elasticity - product.truth.elasticity));
    if (price < product.input.floor || price > product.input.ceiling) outside += 1;
    gains.push(profitAt(product, price) / profitAt(product, product.input.price) - 1);
    if (!confident || target === null) return;
    sure += 1;
    reached.push(
      profitAt(product, Math.min(Math.max(target, product.input.floor), product.input.ceiling)) /
        profitAt(product, product.truth.bestPrice),
    );
  });
  const worse = gains.filter((gain) => gain < -1e-9).length;
  return `elasticity off by ${median(errors).toFixed(2)} in the median; sure of itself in ${percent(sure, outputs.length)}, its target price then earns ${percent(mean(reached), 1)} of the best profit; one day's step changes expected profit by ${percent(mean(gains), 1)} on average, for the worse in ${percent(worse, gains.length)}; ${outside} prices out of bounds`;
}

async function inventory(): Promise<string> {
  const items = seeds(60).map((seed) => stockItem(seed));
  const outputs = await runBatch<{
    method: string;
    expected: number;
    safetyStock: number;
    forecast: { mean: number; low: number; high: number }[];
  }>(runtime, 'inventory-reordering', json(items.map(({ input }) => input)));
  let ours = 0;
  let naive = 0;
  let days = 0;
  let inside = 0;
  let enough = 0;
  let better = 0;
  const methods = new Map<string, number>();
  outputs.forEach(({ forecast, method, expected, safetyStock }, index) => {
    const { input, future } = items[index] as (typeof items)[0];
    methods.set(method, (methods.get(method) ?? 0) + 1);
    let mine = 0;
    let other = 0;
    forecast.forEach((point, ahead) => {
      const value = future[ahead] ?? 0;
      mine += Math.abs(value - point.mean);
      other += Math.abs(value - (input.demand[input.demand.length - 7 + (ahead % 7)] ?? 0));
      days += 1;
      if (value >= point.low && value <= point.high) inside += 1;
    });
    ours += mine;
    naive += other;
    if (mine < other) better += 1;
    if (future.reduce((sum, value) => sum + value, 0) <= expected + safetyStock) enough += 1;
  });
  return `mean absolute error ${(ours / days).toFixed(2)} a day, seasonal-naive ${(naive / days).toFixed(2)} (${percent(1 - ours / naive, 1)} less; better on ${percent(better, items.length)} of the items; used: ${[...methods].map(([method, count]) => `${method} ${count}`).join(', ')}); ${percent(inside, days)} of days within the 90 % interval, stock would have sufficed for ${percent(enough, items.length)} (goal 95 %)`;
}

async function credit(): Promise<string> {
  const applicants = seeds(4_000).map(applicant);
  const outputs = await runBatch<{ score: number; decision: string }>(
    runtime,
    'credit-scoring',
    json(applicants.map(({ input }) => input)),
  );
  const order = outputs
    .map(({ score }, index) => ({ score, bad: applicants[index]?.defaulted ?? false }))
    .sort((a, b) => a.score - b.score);
  // Mann and Whitney, ties halved.
  let rankSum = 0;
  for (let at = 0; at < order.length; ) {
    let end = at;
    while (order[end]?.score === order[at]?.score && end < order.length) end += 1;
    for (let index = at; index < end; index += 1) if (!order[index]?.bad) rankSum += (at + 1 + end) / 2;
    at = end;
  }
  const bad = order.filter((one) => one.bad).length;
  const good = order.length - bad;
  const area = (rankSum - (good * (good + 1)) / 2) / (good * bad);
  const rates = ['APPROVE', 'REVIEW', 'DECLINE'].map((decision) => {
    const chosen = outputs.flatMap((output, index) =>
      output.decision === decision ? [applicants[index]?.defaulted ?? false] : [],
    );
    return `${decision} ${percent(chosen.length, outputs.length)} (${percent(chosen.filter(Boolean).length, chosen.length)} default)`;
  });
  return `area under the curve ${area.toFixed(3)}; ${rates.join(', ')}`;
}

async function compliance(): Promise<string> {
  const shipments = seeds(100).map(cooledShipment);
  const outputs = await runBatch<{ breaches: { term: string }[] }>(
    runtime,
    'shipment-compliance',
    json(shipments.map(({ input }) => input)),
  );
  let exact = 0;
  let missed = 0;
  let invented = 0;
  outputs.forEach(({ breaches }, index) => {
    const found = breaches.map(({ term }) => term).sort();
    const broken = shipments[index]?.broken ?? [];
    if (JSON.stringify(found) === JSON.stringify(broken)) exact += 1;
    for (const term of new Set([...found, ...broken])) {
      const difference =
        found.filter((one) => one === term).length - broken.filter((one) => one === term).length;
      if (difference > 0) invented += difference;
      else missed -= difference;
    }
  });
  return `${percent(exact, outputs.length)} of the shipments exactly as they were; ${missed} breaches missed, ${invented} reported that were none`;
}

async function triage(): Promise<string> {
  const lines: string[] = [];
  for (const unseen of [false, true]) {
    const messages = seeds(1_000).map((seed) => supportMessage(seed, unseen));
    const outputs = await runBatch<{ queue: string; confidence: number }>(
      runtime,
      'support-triage',
      json(messages.map(({ text }) => ({ message: text }))),
    );
    const right = outputs.filter(({ queue }, index) => queue === messages[index]?.queue).length;
    const sure = outputs.flatMap(({ queue, confidence }, index) =>
      confidence >= 0.75 ? [queue === messages[index]?.queue] : [],
    );
    lines.push(
      `${unseen ? 'sentences training never had' : 'known sentences'}: ${percent(right, outputs.length)} right, ${percent(sure.filter(Boolean).length, sure.length)} where it is sure (${percent(sure.length, outputs.length)})`,
    );
  }
  return lines.join('; ');
}

try {
  for (const [name, evaluate] of Object.entries({
    'dynamic-pricing': pricing,
    'inventory-reordering': inventory,
    'credit-scoring': credit,
    'shipment-compliance': compliance,
    'support-triage': triage,
  }))
    console.log(`${name}: ${await evaluate()}`);
} finally {
  await runtime.close();
}
