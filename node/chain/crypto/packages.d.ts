// The parts of packages without types of their own that the chain uses.
declare module 'sodium-native' {
  /** Ed25519. @throws when a view has not the right length, or lies in a SharedArrayBuffer */
  export function crypto_sign_verify_detached(
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ): boolean;
}
