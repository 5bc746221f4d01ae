// What clients were seen to answer to eth_call, and what it means.
import { expect, test } from 'vitest';
import { isRevert } from './call-reverts.ts';
import { RpcError } from './rpc-errors.ts';

const error = (code: number, message: string, data?: unknown) =>
  new RpcError('eth_call', 'http://revert.example', code, message, data);

test.each([
  [3, 'execution reverted: TransferHelper: TRANSFER_FROM_FAILED', '0x08c379a0'],
  [-32000, 'execution reverted', undefined],
  [-32000, 'invalid opcode: INVALID', undefined],
  [-32000, 'invalid opcode: opcode 0xfe not defined', undefined],
  [-32000, 'out of gas', undefined],
  [-32000, 'stack limit reached 1024 (1023)', undefined],
  [-32000, 'stack underflow (0 <=> 2)', undefined],
  [-32000, 'invalid jump destination', undefined],
  [-32000, 'VM Exception while processing transaction: revert SafeMath', undefined],
  [-32015, 'VM execution error.', 'Reverted 0x'],
  [-32015, 'execution failed', 'Bad instruction fe'],
  [-32015, 'execution failed', 'Out of gas'],
  [-32015, 'execution failed', 'Bad jump destination'],
  [-32003, 'EVM error: StackUnderflow', undefined],
  [-32603, 'EVM error InvalidFEOpcode', undefined],
  [-32603, 'Error: Transaction reverted without a reason string', undefined],
])('code %i, "%s" is a revert', (code, message, data) => {
  expect(isRevert(error(code, message, data))).toBe(true);
});

test.each([
  [-32000, 'header not found', undefined],
  [-32000, 'missing trie node 1234', undefined],
  [-32005, 'daily request count exceeded', undefined],
  [-32015, 'execution failed', 'something else'],
  [-32603, 'internal error', 'Reverted 0x'],
])('code %i, "%s" is the node’s', (code, message, data) => {
  expect(isRevert(error(code, message, data))).toBe(false);
});

test('an unreachable node is not a revert', () => {
  expect(isRevert(new Error('execution reverted'))).toBe(false);
});
