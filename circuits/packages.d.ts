// Types of the packages that ship none, as far as this room uses them.
declare module 'circom2' {
  export class CircomRunner {
    constructor(options: {
      args: readonly string[];
      env: Readonly<Record<string, string>>;
      preopens: Readonly<Record<string, string>>;
      bindings: object;
    });
    execute(wasm: Uint8Array): Promise<unknown>;
  }
  export const bindings: object;
}

declare module 'snarkjs' {
  /** Public signals as decimal strings, and a proof whose shape depends on the proof system. */
  export interface FullProof {
    readonly proof: Readonly<Record<string, unknown>>;
    readonly publicSignals: readonly string[];
  }
  export interface ProverLogger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }
  interface System {
    prove(
      zkey: string | Uint8Array,
      witness: string | Uint8Array,
      logger?: ProverLogger,
      options?: { singleThread?: boolean },
    ): Promise<FullProof>;
    verify(
      key: object,
      publicSignals: readonly string[],
      proof: object,
      logger?: ProverLogger,
    ): Promise<boolean>;
    exportSolidityCallData(proof: object, publicSignals: readonly string[]): Promise<string>;
  }
  export const groth16: System;
  export const plonk: System & {
    setup(r1cs: string, ptau: string, zkey: string, logger?: ProverLogger): Promise<unknown>;
  };
  export const fflonk: Omit<System, 'exportSolidityCallData'> & {
    exportSolidityCallData(publicSignals: readonly string[], proof: object): Promise<string>;
    setup(r1cs: string, ptau: string, zkey: string, logger?: ProverLogger): Promise<unknown>;
  };
  export const zKey: {
    newZKey(r1cs: string, ptau: string, zkey: string, logger?: ProverLogger): Promise<unknown>;
    contribute(
      from: string,
      to: string,
      name: string,
      entropy: string | Uint8Array,
      logger?: ProverLogger,
    ): Promise<Uint8Array>;
    beacon(
      from: string,
      to: string,
      name: string,
      beaconHash: string,
      iterationsExponent: number,
      logger?: ProverLogger,
    ): Promise<Uint8Array>;
    verifyFromR1cs(r1cs: string, ptau: string, zkey: string, logger?: ProverLogger): Promise<boolean>;
    exportVerificationKey(zkey: string | Uint8Array, logger?: ProverLogger): Promise<Record<string, unknown>>;
    exportSolidityVerifier(
      zkey: string | Uint8Array,
      templates: Readonly<Record<string, string>>,
      logger?: ProverLogger,
    ): Promise<string>;
  };
  /** The WASM instance's raw functions take and give addresses in its memory. */
  export interface Curve {
    readonly name: string;
    readonly q: bigint;
    readonly r: bigint;
    readonly G1: Group;
    readonly G2: Group;
    /** Elements are 32 bytes in Montgomery form; `w[n]` is the root of unity of order 2^n. */
    readonly Fr: {
      readonly w: readonly Uint8Array[];
      e(value: number | bigint): Uint8Array;
      random(): Uint8Array;
      mul(left: Uint8Array, right: Uint8Array): Uint8Array;
      neg(element: Uint8Array): Uint8Array;
    };
    readonly tm: {
      readonly memory: WebAssembly.Memory;
      u8: Uint8Array;
      u32: Uint32Array;
      readonly instance: { readonly exports: Readonly<Record<string, (...args: number[]) => number>> };
      alloc(bytes: number): number;
      getBuff(pointer: number, bytes: number): Uint8Array;
      setBuff(pointer: number, bytes: Uint8Array): void;
    };
    terminate(): Promise<void>;
  }
  export interface Group {
    readonly F: { readonly n8: number };
    readonly gAffine: Uint8Array;
    /** Points in affine or Jacobian form. */
    add(left: Uint8Array, right: Uint8Array): Uint8Array;
    timesFr(point: Uint8Array, scalar: Uint8Array): Uint8Array;
    toAffine(point: Uint8Array): Uint8Array;
    toObject(point: Uint8Array): Coordinates;
  }
  export type Coordinates = readonly (bigint | Coordinates)[];
  export const curves: {
    getCurveFromName(name: string, options?: { singleThread?: boolean }): Promise<Curve>;
  };
}
