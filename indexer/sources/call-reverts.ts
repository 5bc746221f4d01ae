// Tells a contract call that failed by its own doing from a node that could not answer. JSON-RPC has no rule for it, so what each client
// says is known here: https://github.com/ethereum/go-ethereum/blob/master/core/vm/errors.go and their like.
import { RpcError } from './rpc-errors.ts';

/** Words of failed executions, in any case: they depend on nothing but the block. */
const EXECUTION_FAILED = [
  // Geth "execution reverted", Hardhat "transaction reverted", Ganache "VM Exception while processing transaction: revert".
  'revert',
  'invalid jump',
  'invalidjump',
  'invalid opcode',
  'opcodenotfound',
  'invalidfeopcode',
  'notactivated',
  'bad instruction',
  'stack limit reached 1024',
  'stack underflow',
  'stack overflow',
  'stackunderflow',
  'stackoverflow',
  // The gas of calls is fixed, so that running out of it is the call's own doing.
  'out of gas',
  'outofgas',
  'gas uint64 overflow',
  'write protection',
  'vm execution error',
  'evm error',
];
/** Parity and Nethermind say in the data what went wrong. */
const VM_EXECUTION_ERROR = -32015;
const PARITY_DATA = /^(revert|bad jump|out of stack|out of gas|bad instruction f[de])/i;
/** Geth's code of a revert. */
const REVERTED = 3;

/** Whether the node executed the call and the call failed. */
export function isRevert(error: unknown): error is RpcError {
  if (!(error instanceof RpcError)) return false;
  const answer = error.answer.toLowerCase();
  if (error.rpcCode === REVERTED || EXECUTION_FAILED.some((words) => answer.includes(words))) return true;
  return (
    error.rpcCode === VM_EXECUTION_ERROR && typeof error.data === 'string' && PARITY_DATA.test(error.data)
  );
}
