// What is wrong with a workflow is told before it runs, with node, field and fix.
import { describe, expect, it } from 'vitest';
import type { Json } from '../runtime/runtime.ts';
import { readWorkflow } from './definition.ts';
import { Evaluation, parseExpression } from './expressions.ts';
import { type AgentTypes, checkWorkflowTypes } from './type-check.ts';

const read = (definition: { readonly [key: string]: Json }) =>
  readWorkflow(
    'workflow.json',
    new TextEncoder().encode(JSON.stringify({ agents: { stock: '1', price: '2' }, ...definition })),
  );
const nodes = (all: { readonly [key: string]: Json }, output: Json = null) => read({ nodes: all, output });

describe('readWorkflow', () => {
  it.each<[string, { readonly [key: string]: Json }, RegExp]>([
    [
      'circles',
      {
        a: { needs: ['c'], run: 'stock' },
        b: { needs: ['a'], run: 'stock' },
        c: { needs: ['b'], run: 'stock' },
      },
      /nodes\.a\.needs: it needs itself, by way of a → c → b → a: remove one/,
    ],
    [
      'unknown nodes',
      { a: { needs: ['x'], run: 'stock' } },
      /nodes\.a\.needs: there is no node x: name one of a/,
    ],
    ['unknown agents', { a: { run: 'nobody' } }, /nodes\.a\.run: there is no agent nobody: add it to agents/],
    [
      'unknown cases',
      { a: { branch: [{ name: 'big', when: true }] }, b: { needs: ['a:small'], run: 'stock' } },
      /nodes\.b\.needs: branch a has no case small: name one of big/,
    ],
    [
      'cases of what is no branch',
      { a: { run: 'stock' }, b: { needs: ['a:x'], run: 'stock' } },
      /nodes\.b\.needs: a is no branch: write "a" without ":x"/,
    ],
    [
      'references to what is not earlier',
      { a: { run: 'stock' }, b: { run: 'stock', input: { n: ['${nodes.a.left}'] } } },
      /nodes\.b\.input: \$\{nodes\.a\.left\}: a is not earlier than this: add "a" to its needs/,
    ],
    [
      'references to nothing',
      { a: { run: 'stock', input: '${nodes.zz}' } },
      /nodes\.a\.input: \$\{nodes\.zz\}: there is no node zz/,
    ],
    [
      'items outside of maps',
      { a: { run: 'stock', input: '${item}' } },
      /nodes\.a\.input: \$\{item\}: there is item only in a map's input/,
    ],
    [
      'two kinds at once',
      { a: { run: 'stock', call: 'message.send' } },
      /nodes\.a: a node has one of run, .*; this one has run and call/,
    ],
    ['no kind', { a: { needs: [] } }, /nodes\.a: a node has one of .*; this one has none/],
    ['fields it does not know', { a: { run: 'stock', inptu: 1 } }, /nodes\.a.*inptu/],
    [
      'operations it does not know',
      { a: { run: 'stock', input: { $eval: '1' } } },
      /nodes\.a\.input\.\$eval: there is no such operation\. There are: \$eq/,
    ],
    [
      'broken paths',
      { a: { run: 'stock', input: '${input..x}' } },
      /nodes\.a\.input: .* is no step of a path/,
    ],
    ['other roots', { a: { run: 'stock', input: '${process.env}' } }, /begins with none of input, nodes/],
    ['too many attempts', { a: { run: 'stock', retry: { attempts: 99 } } }, /nodes\.a\.retry\.attempts/],
  ])('refuses %s', (_name, all, message) => {
    expect(() => nodes(all)).toThrow(message);
  });

  it('puts nodes after what they need', () => {
    const { nodes: ordered } = nodes({
      c: { needs: ['b'], run: 'stock' },
      b: { needs: ['a'], run: 'stock' },
      a: { run: 'stock' },
    });
    expect(ordered.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });
});

describe('checkWorkflowTypes', () => {
  const types = new Map<string, AgentTypes>([
    [
      '1',
      {
        input: {
          type: 'object',
          properties: { sku: { type: 'string' } },
          required: ['sku'],
          additionalProperties: false,
        },
        output: {
          type: 'object',
          properties: { left: { type: 'integer' }, lots: { type: 'array', items: { type: 'string' } } },
          additionalProperties: false,
        },
      },
    ],
    ['2', { input: { type: 'object', properties: { left: { type: 'number' } } }, output: {} }],
  ]);
  const own = {
    input: { type: 'object', properties: { sku: { type: 'string' }, days: { type: 'integer' } } },
    output: { type: 'object' },
  };
  const stock = { run: 'stock', input: { sku: '${input.sku}' } };

  it.each<[string, { readonly [key: string]: Json }, Json, RegExp]>([
    [
      'a number for a text',
      { a: { run: 'stock', input: { sku: '${input.days}' } } },
      {},
      /nodes\.a\.input\.sku: it is integer, and the input of stock asks for string here/,
    ],
    [
      'what is missing',
      { a: { run: 'stock', input: {} } },
      {},
      /nodes\.a\.input: the input of stock needs sku: add it/,
    ],
    [
      'what is too much',
      { a: { run: 'stock', input: { sku: 'x', more: 1 } } },
      {},
      /nodes\.a\.input\.more: the input of stock has no more/,
    ],
    [
      'outputs that are not there',
      { a: stock, b: { needs: ['a'], run: 'price', input: { left: '${nodes.a.rest}' } } },
      {},
      /nodes\.b\.input\.left: \$\{nodes\.a\.rest\}: there is no rest: it has left, lots/,
    ],
    [
      'maps over no array',
      { a: stock, b: { needs: ['a'], map: { over: '${nodes.a.left}', run: 'price' } } },
      {},
      /nodes\.b\.map\.over: a map goes over an array, and this is integer/,
    ],
    [
      'items of the wrong type',
      {
        a: stock,
        b: { needs: ['a'], map: { over: '${nodes.a.lots}', run: 'price', input: { left: '${item}' } } },
      },
      {},
      /nodes\.b\.map\.input\.left: it is string, and the input of price asks for number/,
    ],
    [
      'conditions that are none',
      { a: { branch: [{ name: 'x', when: '${input.sku}' }] } },
      {},
      /branch\[0\]\.when: a condition is true or false, and this is string/,
    ],
    [
      'an output of another type',
      { a: stock },
      '${nodes.a.left}',
      /output: it is integer, and output in agent\.json asks for object/,
    ],
  ])('refuses %s', (_name, all, output, message) => {
    expect(() => checkWorkflowTypes(nodes(all, output), own, types)).toThrow(message);
  });

  it('leaves open what the schemas leave open', () => {
    const all = {
      a: stock,
      b: { needs: ['a'], run: 'price', input: { left: '${nodes.a.left}', more: '${nodes.a.lots[0]}' } },
      c: { needs: ['b'], run: 'stock', input: { sku: '${nodes.b.anything.at.all}' } },
    };
    expect(() => checkWorkflowTypes(nodes(all, {}), own, types)).not.toThrow();
  });
});

describe('expressions', () => {
  const scope = {
    input: { a: [1, { b: 'x' }], n: 2, 'odd key': true },
    nodes: new Map<string, Json>([['p', { q: null }]]),
  };
  const value = (expression: Json) => new Evaluation('f', scope).value(parseExpression('f', expression));

  it.each<[Json, Json]>([
    ['${input.a[1].b}', 'x'],
    ['n=${input.n}, b=${input.a[1].b}, $${kept}', 'n=2, b=x, ${kept}'],
    ['${input["odd key"]}', true],
    ['${nodes.p.q.r.s}', null],
    ['${input.__proto__}', null],
    ['${input.a.length}', null],
    [{ deep: ['${input.n}', { $sum: ['${input.n}', 3] }] }, { deep: [2, 5] }],
    [{ $first: ['${nodes.p.q}', '${input.no}', 'last'] }, 'last'],
    [{ $and: [{ $gt: ['${input.n}', 1] }, { $not: { $eq: ['${input.a}', []] } }] }, true],
    [{ $in: [{ b: 'x' }, '${input.a}'] }, true],
    [{ $product: ['${input.n}', 4] }, 8],
    [{ $sum: [[1, 2, 3]] }, 6],
    [{ $length: '${input.a}' }, 2],
    [{ $literal: { $eq: '${x}' } }, { $eq: '${x}' }],
  ])('%j', (expression, result) => {
    expect(value(expression)).toEqual(result);
  });

  it.each<[Json, RegExp]>([
    [{ $lt: [1, 'a'] }, /f: \$lt compares two numbers or two texts, not number and string/],
    [{ $sum: ['a'] }, /\$sum takes numbers, not string/],
    [{ $not: 1 }, /\$not is true or false, not number/],
  ])('%j fails', (expression, message) => {
    expect(() => value(expression)).toThrow(message);
  });

  it('does not grow beyond its bound, however often something large is referred to', () => {
    const large = { input: 'x'.repeat(10_000), nodes: new Map() };
    const many = parseExpression(
      'f',
      Array.from({ length: 500 }, () => '${input}'),
    );
    expect(() => new Evaluation('f', large).value(many)).toThrow(/larger than 1048576 bytes/);
  });
});
