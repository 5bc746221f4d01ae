import { expect, it } from 'vitest';
import { exampleAbi, projectFiles } from './project-template.ts';

const options = { name: 'x', contract: 'Odd', address: undefined, network: 'devnet', startBlock: 7 };

it('makes an entity of every event, whatever its parameters are called', () => {
  const input = (name: string, type: string, indexed = false) => ({ name, type, indexed });
  const { files, entities } = projectFiles({
    ...options,
    abi: [
      {
        type: 'event',
        name: 'Made',
        inputs: [
          input('id', 'uint256', true),
          input('', 'address'),
          input('in', 'uint8'),
          input('_from', 'address', true),
          input('who', 'address[]'),
          input('text', 'string', true),
          { ...input('pos', 'tuple'), components: [input('x', 'int24'), input('y', 'bytes32[2]')] },
          input('block', 'bytes4'),
        ],
      },
      { type: 'event', name: 'Made', inputs: [input('big', 'uint64')] },
      { type: 'event', name: 'Hidden', anonymous: true, inputs: [] },
      { type: 'function', name: 'f' },
    ],
  });
  expect(entities).toEqual(['Made', 'Made1']);
  expect(files['subgraph.yaml']).toContain(
    'event: Made(indexed uint256,address,uint8,indexed address,address[],indexed string,(int24,bytes32[2]),bytes4)\n' +
      '          handler: handleMade\n',
  );
  expect(files['subgraph.yaml']).toContain('      abi: Odd\n      # Without an address');
  for (const line of [
    '  eventId: BigInt!',
    '  param1: Bytes!',
    '  in: Int!',
    '  from: Bytes!',
    '  who: [Bytes!]!',
    '  text: Bytes!',
    '  # pos ((int24,bytes32[2])) is a structure',
    '  eventBlock: Bytes!',
    '  big: BigInt!',
  ])
    expect(files['schema.graphql']).toContain(line);
  expect(files['src/mapping.ts']).toContain('entity.in_ = event.params.in_;');
  expect(files['src/mapping.ts']).toContain('entity.from = event.params._from;');
});

it('has an example for those who bring no ABI', () => {
  const { files, entities } = projectFiles({
    ...options,
    contract: 'ERC20',
    abi: exampleAbi,
    address: '0xab',
  });
  expect(entities).toEqual(['Transfer', 'Approval']);
  expect(files['subgraph.yaml']).toContain('      address: "0xab"\n      startBlock: 7\n');
  expect(JSON.parse(files['abis/ERC20.json'] ?? '')).toEqual(exampleAbi);
});
