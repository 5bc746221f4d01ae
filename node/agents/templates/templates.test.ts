// Every template through the real runtime: its golden scenarios to the last digit, and what it must never do.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAgentRuntime, type StartedRuntime } from '../runtime/agent-runtime.ts';
import type { Json } from '../runtime/runtime.ts';
import { pricedProduct } from './scenarios/dynamic-pricing.ts';
import {
  runBatch,
  runTemplate,
  TEMPLATES,
  templateFolder,
  templatePackage,
} from './scenarios/run-template.ts';
import { supportMessage, TRAINING } from './scenarios/support-triage.ts';
import { train } from './support-triage/classifier.ts';

let runtime: StartedRuntime;
beforeAll(async () => {
  for (const template of TEMPLATES) await templatePackage(template);
  runtime = createAgentRuntime({ python: { warm: 2 } });
  await runtime.start();
}, 240_000);
afterAll(() => runtime.close());

interface Golden {
  readonly name: string;
  readonly why: string;
  readonly input: Json;
  readonly output: Json;
}

for (const template of TEMPLATES) {
  describe(template, () => {
    const folder = join(templateFolder(template), 'golden');
    const goldens = readdirSync(folder).map(
      (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Golden,
    );
    test('has three golden scenarios', () => expect(goldens).toHaveLength(3));
    test.each(goldens)('$name', async ({ input, output }) => {
      const agent = await templatePackage(template);
      expect(agent.input.mistakesOf(input)).toEqual([]);
      const outcome = await runTemplate(runtime, template, input);
      expect(outcome.error).toBeUndefined();
      expect(outcome.output).toEqual(output);
      expect(agent.output.mistakesOf(outcome.output ?? null)).toEqual([]);
    });
  });
}

test('a suggested price never leaves its bounds, whatever the sales were', async () => {
  const products = Array.from({ length: 60 }, (_, index) => pricedProduct(70_000 + index, 40 + index).input);
  const hostile = products.map((product, index) => ({
    ...product,
    ...(index % 3 === 0 ? { price: product.ceiling * 2 } : {}),
  }));
  const outputs = await runBatch<{ price: number }>(runtime, 'dynamic-pricing', hostile as unknown as Json[]);
  outputs.forEach(({ price }, index) => {
    const { floor, ceiling, maxDailyChange, price: now } = hostile[index] as (typeof hostile)[0];
    expect(price).toBeGreaterThanOrEqual(floor);
    expect(price).toBeLessThanOrEqual(ceiling);
    if (now <= ceiling && now >= floor)
      expect(Math.abs(price / now - 1)).toBeLessThan(maxDailyChange + 0.005 / now);
  });
});

test('the committed model of support triage is the one its training gives', () => {
  const model: unknown = JSON.parse(
    readFileSync(join(templateFolder('support-triage'), 'model.json'), 'utf8'),
  );
  expect(train(TRAINING.map((seed) => supportMessage(seed, false)))).toEqual(model);
});
