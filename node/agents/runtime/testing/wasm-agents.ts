// Agents in WebAssembly text, for tests, probes and benches; translated by the binaryen that the AssemblyScript compiler brings along.
import { createRequire } from 'node:module';

interface Binaryen {
  parseText(text: string): { setFeatures(features: number): void; emitBinary(): Uint8Array; dispose(): void };
  readonly Features: { readonly All: number };
}

const binaryen = createRequire(import.meta.url)('binaryen') as Binaryen;

/** The module written as WebAssembly text. */
export function wasmOf(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** Bytes 1024… hold texts; `alloc` hands out what follows 64 KiB, and grows the memory when it must. */
export function wasmAgent(
  body: string,
  options: { readonly data?: string; readonly more?: string } = {},
): Uint8Array {
  const { data = '', more = '' } = options;
  return wasmOf(`(module
    (import "aios" "call" (func $call (param i32 i32) (result i64)))
    (import "aios" "log" (func $log (param i32 i32 i32)))
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (data (i32.const 1024) "${data.replaceAll('"', '\\"')}")
    (func (export "alloc") (param $bytes i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get $bytes)) (i32.const 15)) (i32.const -8)))
      (if (i32.gt_u (global.get $next) (i32.shl (memory.size) (i32.const 16)))
        (drop (memory.grow (i32.add (i32.shr_u (local.get $bytes) (i32.const 16)) (i32.const 1)))))
      (local.get $at))
    ${more}
    (func (export "run") (param $at i32) (param $length i32) (result i64) (local $i i32) (local $sum i32) (local $answer i64)
      ${body}))`);
}

/** Answers address and length of bytes in memory. */
export const packed = (at: string, length: string): string =>
  `(i64.or (i64.shl (i64.extend_i32_u ${at}) (i64.const 32)) (i64.extend_i32_u ${length}))`;
