import { expect, test } from 'vitest';
import { toSnakeCase } from './snake-case.ts';

// Names and results as graph-node's tables show them.
test.each([
  ['Token', 'token'],
  ['tokenId', 'token_id'],
  ['metadataURI', 'metadata_uri'],
  ['token0', 'token_0'],
  ['token0Price', 'token_0_price'],
  ['UniswapDayData', 'uniswap_day_data'],
  ['ERC20Token', 'erc20_token'],
  ['bigInt_Array', 'big_int_array'],
  ['_id', 'id'],
  ['trailing_', 'trailing'],
  ['snake_case_already', 'snake_case_already'],
  ['feesUSD', 'fees_usd'],
  ['XYZ', 'xyz'],
])('%s is stored as %s', (name, expected) => {
  expect(toSnakeCase(name)).toBe(expected);
});
