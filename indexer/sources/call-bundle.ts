// Many contract calls at one block in one `eth_call`, as Multicall3 does, but so that no contract can tell the difference: the code that
// makes the calls is not deployed anywhere, it stands (by state override) at the zero address, which is where a call without a sender
// comes from. `msg.sender`, `tx.origin` and the gas price are then those of a direct call. The calls are static, so none can leave
// anything behind for the next. What fails in a bundle is not believed: the caller asks it again by itself.
import type { Hex } from '../model.ts';

export interface BundledCall {
  readonly to: Hex;
  readonly data: Hex;
}

const ZERO: Hex = `0x${'0'.repeat(40)}`;

/**
 * EVM assembly. Input: for each call address (20 bytes), length (4), data. Output: for each call success (1), length (4), data.
 *
 *     for (i = 0, o = 0; calldatasize > i; ) {
 *       (to, length) = word(i); i += 24
 *       memory[o + 5 ..] = calldata[i .. i + length]
 *       success = staticcall(gas, to, o + 5, length, 0, 0); i += length
 *       memory[o] = success << 248 | returndatasize << 216
 *       memory[o + 5 ..] = returndata; o += 5 + returndatasize
 *     }
 *     return memory[0 .. o]
 */
const BUNDLER: Hex =
  '0x600060005b8136111560535781358060601c9060401c63ffffffff168360180181818560050137600060008386600501865afa91019350905060f81b3d60d81b1781523d6000826005013e3d600501016004565b6000f3';

/** Answers with caller, origin, gas price, value, block number and time: what a contract could notice of who asks. */
const WITNESS: Hex = '0x33600052326020523a60405234606052436080524260a05260c06000f3';
/** Where nothing is, so that the witness can stand there. */
const WITNESS_ADDRESS: Hex = '0x00000000000000000000000000005769746e6573';

// As many as get the gas of a direct call each where a node caps `eth_call` at ten times that, as hosted ones do; where it caps lower, a call
// that runs out is asked again by itself.
const CALLS_PER_BUNDLE = 50;
const BYTES_PER_BUNDLE = 128 * 1024;
const GAS_OF_CALL = 50_000_000;
const MOST_GAS = 10 * GAS_OF_CALL;

type Ask = (request: { to: Hex; data: Hex; gas: Hex }, overrides?: unknown) => Promise<Hex>;

/** Whether the node that answers `ask` takes state overrides, and a contract sees the same of a bundled call as of a direct one. */
export async function bundlesAreFaithful(ask: Ask): Promise<boolean> {
  const witness = { [WITNESS_ADDRESS]: { code: WITNESS } };
  const gas = quantity(GAS_OF_CALL);
  const [direct, bundled] = await Promise.all([
    ask({ to: WITNESS_ADDRESS, data: '0x', gas }, witness),
    ask(
      { to: ZERO, data: encodeBundle([{ to: WITNESS_ADDRESS, data: '0x' }]), gas },
      { ...witness, [ZERO]: { code: BUNDLER } },
    ),
  ]);
  return direct.length > 2 && decodeBundle(bundled, 1)?.[0] === direct;
}

/** The answers to calls, in order; undefined where one has to be asked again by itself. @throws what the node refused */
export async function askBundle(
  ask: Ask,
  calls: readonly BundledCall[],
): Promise<readonly (Hex | undefined)[]> {
  const gas = quantity(Math.min(MOST_GAS, calls.length * GAS_OF_CALL));
  const answer = await ask({ to: ZERO, data: encodeBundle(calls), gas }, { [ZERO]: { code: BUNDLER } });
  return decodeBundle(answer, calls.length) ?? calls.map(() => undefined);
}

/** Splits calls into bundles that nodes take. */
export function bundlesOf<T extends BundledCall>(calls: readonly T[]): T[][] {
  const bundles: T[][] = [];
  let bytes = 0;
  for (const call of calls) {
    const size = call.data.length / 2;
    const last = bundles.at(-1);
    if (last && last.length < CALLS_PER_BUNDLE && bytes + size <= BYTES_PER_BUNDLE) {
      last.push(call);
      bytes += size;
    } else {
      bundles.push([call]);
      bytes = size;
    }
  }
  return bundles;
}

function encodeBundle(calls: readonly BundledCall[]): Hex {
  const parts = calls.map(({ to, data }) => {
    const length = (data.length / 2 - 1).toString(16).padStart(8, '0');
    return `${to.slice(2)}${length}${data.slice(2)}`;
  });
  return `0x${parts.join('')}`;
}

/** Undefined when the answer is not one of the bundler's. A call that failed, or answered nothing, is undefined in it. */
function decodeBundle(answer: Hex, count: number): (Hex | undefined)[] | undefined {
  const calls: (Hex | undefined)[] = [];
  let at = 2;
  while (calls.length < count) {
    const length = Number.parseInt(answer.slice(at + 2, at + 10), 16) * 2;
    const end = at + 10 + length;
    if (Number.isNaN(length) || end > answer.length) return undefined;
    const succeeded = answer.slice(at, at + 2) === '01' && length > 0;
    calls.push(succeeded ? `0x${answer.slice(at + 10, end)}` : undefined);
    at = end;
  }
  return at === answer.length ? calls : undefined;
}

const quantity = (value: number): Hex => `0x${value.toString(16)}`;
