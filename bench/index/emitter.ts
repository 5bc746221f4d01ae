// A contract that emits whatever logs its calldata spells out: real logs in real blocks, made as fast as a node can.
import { createRequire } from 'node:module';
import type { Hex } from '#indexer/model.ts';

/** Each record of the calldata: a word with the number of topics (upper half) and of data words (lower half), topics, data. */
const SOURCE = `object "Emitter" {
  code { datacopy(0, dataoffset("run"), datasize("run")) return(0, datasize("run")) }
  object "run" {
    code {
      let at := 0
      for {} lt(at, calldatasize()) {} {
        let head := calldataload(at)
        let topics := shr(128, head)
        let size := mul(and(head, 0xffff), 32)
        let data := add(at, mul(add(topics, 1), 32))
        calldatacopy(0, data, size)
        let a := calldataload(add(at, 32))
        let b := calldataload(add(at, 64))
        let c := calldataload(add(at, 96))
        switch topics
        case 1 { log1(0, size, a) }
        case 2 { log2(0, size, a, b) }
        case 3 { log3(0, size, a, b, c) }
        default { log4(0, size, a, b, c, calldataload(add(at, 128))) }
        at := add(data, size)
      }
    }
  }
}`;

interface SolcOutput {
  readonly contracts?: {
    readonly e: { readonly Emitter: { readonly evm: { bytecode: { object: string } } } };
  };
  readonly errors?: readonly { readonly formattedMessage: string }[];
}

/** The contract's creation code. */
export function emitterCode(): Hex {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string };
  const input = {
    language: 'Yul',
    sources: { e: { content: SOURCE } },
    settings: { evmVersion: 'paris', outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as SolcOutput;
  const code = output.contracts?.e.Emitter.evm.bytecode.object;
  if (!code) throw new Error(output.errors?.map((error) => error.formattedMessage).join('\n'));
  return `0x${code}`;
}

export const word = (value: bigint | number | Hex): string => BigInt(value).toString(16).padStart(64, '0');

/** One record of the emitter's calldata, without 0x. */
export function record(
  topics: readonly (bigint | number | Hex)[],
  data: readonly (bigint | number | Hex)[],
): string {
  const head = (BigInt(topics.length) << 128n) | BigInt(data.length);
  return word(head) + topics.map(word).join('') + data.map(word).join('');
}
