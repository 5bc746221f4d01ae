import { describe, expect, it } from 'vitest';
import { parseDeclaredCall } from './declared-calls.ts';
import type { AbiItem } from './manifest.ts';

const tuple = {
  name: 'order',
  type: 'tuple',
  components: [
    { name: 'owner', type: 'address' },
    {
      name: 'give',
      type: 'tuple',
      components: [
        { name: 'token', type: 'address' },
        { name: 'amount', type: 'uint256' },
      ],
    },
  ],
};
const event: AbiItem = {
  type: 'event',
  name: 'Placed',
  inputs: [
    tuple,
    { name: 'who', type: 'address', indexed: true },
    { name: 'text', type: 'string', indexed: true },
  ],
};
const callable = (name: string, ...types: string[]): AbiItem => ({
  type: 'function',
  name,
  stateMutability: 'view',
  inputs: types.map((type, index) => ({ name: `p${index}`, type })),
});
const abis = new Map([
  ['Vault', [callable('quote', 'address', 'uint256'), callable('total'), callable('named', 'string')]],
]);
const parse = (text: string, specVersion = '1.4.0') =>
  parseDeclaredCall('x', text, { specVersion, abis, event });

describe('declared calls', () => {
  it('name the contract and the arguments by event, struct field or address', () => {
    expect(
      parse('Vault[event.address].quote(event.params.order.give.token, event.params.order.1.1)'),
    ).toMatchObject({
      label: 'x',
      function: { name: 'quote' },
      address: { kind: 'event-address' },
      arguments: [
        { kind: 'parameter', parameter: 0, path: [1, 0] },
        { kind: 'parameter', parameter: 0, path: [1, 1] },
      ],
    });
    expect(parse('Vault[0x5FbDB2315678afecb367f032d93F642f64180aa3].total()').address).toEqual({
      kind: 'address',
      address: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
    });
    expect(parse('Vault[event.params.who].total( )', '1.2.0').address).toMatchObject({
      parameter: 1,
      path: [],
    });
  });

  it.each([
    ['Vault.total()', 'is not a call'],
    ['Other[event.address].total()', 'Other is not among the ABIs'],
    ['Vault[event.address].none()', 'has no function none'],
    ['Vault[event.address].total(event.address)', 'takes 0 arguments, 1 are given'],
    ['Vault[event.params.order].total()', 'is of type (address,(address,uint256)), address of address'],
    ['Vault[event.params.nobody].total()', 'no parameter nobody: it has order, who, text'],
    ['Vault[event.params.order.give.nothing].total()', 'has no nothing: there are token, amount'],
    ['Vault[event.params.order.give.2].total()', 'has no 2'],
    ['Vault[event.params.who.x].total()', 'has no x: there are no fields'],
    ['Vault[event.block.number].total()', 'is neither an address nor event.address'],
    [
      'Vault[event.address].quote(event.params.who, event.params.order.owner)',
      'is of type address, p1 of uint256',
    ],
    ['Vault[event.address].named(event.params.text)', 'is indexed'],
  ])('%s is refused', (text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });

  it('read struct fields from specVersion 1.4.0 on', () => {
    expect(() => parse('Vault[event.params.order.owner].total()', '1.3.0')).toThrow(
      'needs specVersion 1.4.0',
    );
  });
});
