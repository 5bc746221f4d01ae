// The multiplicative subgroups of BN254's scalar field that the proof systems work in.
import { inverse, mod, scalarField } from '../r1cs.ts';

/** The largest power of two that divides the order of the multiplicative group. */
const twoAdicity = 28;

export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % scalarField;
    square = (square * square) % scalarField;
  }
  return result;
}

/** A primitive 2^log-th root of unity, the one that snarkjs uses: 5 is the smallest non-residue. */
export function rootOfUnity(log: number): bigint {
  const largest = power(5n, (scalarField - 1n) >> BigInt(twoAdicity));
  return power(largest, 1n << BigInt(twoAdicity - log));
}

/** Every Lagrange polynomial of the domain of 2^log points at x: Lᵢ(x) = (xⁿ − 1)/n · ωⁱ/(x − ωⁱ). x must lie outside the domain. */
export function lagrangeAt(x: bigint, log: number): bigint[] {
  const size = 1 << log;
  const root = rootOfUnity(log);
  const points: bigint[] = new Array(size);
  const products: bigint[] = new Array(size);
  let point = 1n;
  let product = 1n;
  for (let index = 0; index < size; index++) {
    points[index] = point;
    products[index] = product;
    product = (product * (x - point + scalarField)) % scalarField;
    point = (point * root) % scalarField;
  }
  // One inversion for all denominators.
  let inverted = inverse(product);
  const factor = mod((power(x, BigInt(size)) - 1n) * inverse(BigInt(size)));
  const values: bigint[] = new Array(size);
  for (let index = size - 1; index >= 0; index--) {
    const place = points[index] as bigint;
    const reciprocal = (inverted * (products[index] as bigint)) % scalarField;
    inverted = (inverted * (x - place + scalarField)) % scalarField;
    values[index] = (((factor * place) % scalarField) * reciprocal) % scalarField;
  }
  return values;
}
