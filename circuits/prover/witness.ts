// Runs a circuit's witness calculator (the WASM that circom made) and writes witnesses in snarkjs's format.
import { readFile } from 'node:fs/promises';
import { AiosError } from '#node/platform/errors.ts';
import { mod, scalarField } from '../r1cs.ts';

/** Inputs by name; nested lists as the circuit declares them. */
export type CircuitInput = { readonly [name: string]: InputValue };
export type InputValue = bigint | number | string | readonly InputValue[];

/**
 * The witness: one value a wire.
 * @throws AiosError WITNESS_INPUT_INVALID when an input is missing, unknown or too long; STATEMENT_FALSE when the inputs do not satisfy the circuit
 */
export async function calculateWitness(wasmPath: string, input: CircuitInput): Promise<bigint[]> {
  let said = '';
  const exportsOf = (instance: WebAssembly.Instance) =>
    instance.exports as Record<string, (...args: number[]) => number>;
  const module = await WebAssembly.compile(await readFile(wasmPath));
  const read = () => {
    let text = '';
    for (let code = call('getMessageChar'); code !== 0; code = call('getMessageChar'))
      text += String.fromCharCode(code);
    return text;
  };
  const instance = await WebAssembly.instantiate(module, {
    runtime: {
      exceptionHandler: (code: number) => {
        throw new CalculatorFault(code, said);
      },
      printErrorMessage: () => {
        said += `${read()}\n`;
      },
      writeBufferMessage: () => {
        read();
      },
      showSharedRWMemory: () => {},
    },
  });
  const api = exportsOf(instance);
  const call = (name: string, ...args: number[]): number =>
    (api[name] as (...args: number[]) => number)(...args);
  try {
    call('init', 1);
    const width = call('getFieldNumLen32');
    let given = 0;
    for (const [name, value] of Object.entries(input)) {
      const flat = flatten(value);
      const [high, low] = fnv(name);
      const expected = call('getInputSignalSize', high, low);
      if (expected !== flat.length) {
        throw new AiosError(
          'WITNESS_INPUT_INVALID',
          expected < 0
            ? `The circuit has no input "${name}".`
            : `Input "${name}" has ${flat.length} numbers; the circuit takes ${expected}.`,
        );
      }
      for (const [index, element] of flat.entries()) {
        let rest = mod(element);
        for (let word = 0; word < width; word++) {
          call('writeSharedRWMemory', word, Number(rest & 0xffffffffn));
          rest >>= 32n;
        }
        call('setInputSignal', high, low, index);
        given++;
      }
    }
    const wanted = call('getInputSize');
    if (given < wanted) {
      throw new AiosError(
        'WITNESS_INPUT_INVALID',
        `${given} input numbers were given; the circuit takes ${wanted}.`,
      );
    }
    const witness: bigint[] = [];
    for (let index = 0; index < call('getWitnessSize'); index++) {
      call('getWitness', index);
      let value = 0n;
      for (let word = width - 1; word >= 0; word--) {
        value = (value << 32n) | BigInt(call('readSharedRWMemory', word) >>> 0);
      }
      witness.push(value);
    }
    return witness;
  } catch (error) {
    if (error instanceof CalculatorFault) {
      if (error.code === 4) {
        throw new AiosError(
          'STATEMENT_FALSE',
          `The inputs do not satisfy the circuit, so there is nothing to prove: ${error.said.trim().split('\n')[0] || 'a constraint fails'}. Check the values against what the circuit states.`,
        );
      }
      throw new AiosError(
        'WITNESS_INPUT_INVALID',
        `The witness calculator refused the inputs (code ${error.code}): ${error.said.trim()}`,
      );
    }
    throw error;
  }
}

class CalculatorFault extends Error {
  readonly code: number;
  readonly said: string;
  constructor(code: number, said: string) {
    super(`witness calculator: ${code}`);
    this.code = code;
    this.said = said;
  }
}

function flatten(value: InputValue): bigint[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  try {
    return [BigInt(value as string | number | bigint)];
  } catch {
    throw new AiosError('WITNESS_INPUT_INVALID', `"${String(value)}" is not an integer.`);
  }
}

/** FNV-1a of 64 bits, by which circom's calculators know their inputs: high and low word. */
function fnv(name: string): [number, number] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return [Number(hash >> 32n), Number(hash & 0xffffffffn)];
}

/** The witness as a wtns file (version 2), which snarkjs proves from. */
export function witnessFile(witness: readonly bigint[]): Uint8Array {
  const file = Buffer.alloc(12 + 12 + 40 + 12 + 32 * witness.length);
  file.write('wtns', 0, 'latin1');
  file.writeUInt32LE(2, 4);
  file.writeUInt32LE(2, 8);
  file.writeUInt32LE(1, 12);
  file.writeBigUInt64LE(40n, 16);
  file.writeUInt32LE(32, 24);
  writeNumber(file, 28, scalarField);
  file.writeUInt32LE(witness.length, 60);
  file.writeUInt32LE(2, 64);
  file.writeBigUInt64LE(BigInt(32 * witness.length), 68);
  for (const [index, value] of witness.entries()) writeNumber(file, 76 + 32 * index, value);
  return file;
}

/** The numbers of such a file: 32 bytes each, little-endian. */
export const witnessNumbers = (file: Uint8Array): Uint8Array => file.subarray(76);

function writeNumber(file: Buffer, at: number, value: bigint): void {
  for (let word = 0; word < 4; word++) {
    file.writeBigUInt64LE((value >> BigInt(64 * word)) & 0xffffffffffffffffn, at + 8 * word);
  }
}
