// XXH3, 128 bits, with a seed (Yann Collet, xxHash 0.8): the hash under a fast proof of indexing. AssemblyScript.

const PRIME32_1: u64 = 0x9e3779b1;
const PRIME32_2: u64 = 0x85ebca77;
const PRIME32_3: u64 = 0xc2b2ae3d;
const PRIME64_1: u64 = 0x9e3779b185ebca87;
const PRIME64_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME64_3: u64 = 0x165667b19e3779f9;
const PRIME64_4: u64 = 0x85ebca77c2b2ae63;
const PRIME64_5: u64 = 0x27d4eb2f165667c5;

const SECRET_SIZE: usize = 192;
const STRIPE: usize = 64;

// The default secret of the specification.
const SECRET: usize = memory.data<u8>([
  0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
  0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
  0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
  0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
  0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
  0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
  0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
  0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
  0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
  0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
  0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
  0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
]);
const SEEDED: usize = memory.data(192, 16);
const ACC: usize = memory.data(64, 16);

/** The upper half of the last hash; `xxh3` returns the lower one. */
export let hashHigh: u64 = 0;

/** The upper 64 bits of a product. */
@inline
export function mulHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const low = a0 * b0;
  const cross = a1 * b0 + (low >> 32);
  const middle = a0 * b1 + (cross & 0xffffffff);
  return a1 * b1 + (cross >> 32) + (middle >> 32);
}

@inline
function fold(a: u64, b: u64): u64 {
  return (a * b) ^ mulHigh(a, b);
}

@inline
function swap32(x: u32): u32 {
  return bswap<u32>(x);
}

@inline
function avalanche(value: u64): u64 {
  let x = value;
  x ^= x >> 37;
  x *= 0x165667919e3779f9;
  return x ^ (x >> 32);
}

@inline
function avalanche64(value: u64): u64 {
  let x = value;
  x ^= x >> 33;
  x *= PRIME64_2;
  x ^= x >> 29;
  x *= PRIME64_3;
  return x ^ (x >> 32);
}

@inline
function mix16(input: usize, secret: usize, seed: u64): u64 {
  return fold(load<u64>(input) ^ (load<u64>(secret) + seed), load<u64>(input, 8) ^ (load<u64>(secret, 8) - seed));
}

/** Nothing, one to three, four to eight, nine to sixteen bytes. */
function short(input: usize, length: usize, seed: u64): u64 {
  if (length > 8) {
    const flipLow = (load<u64>(SECRET, 32) ^ load<u64>(SECRET, 40)) - seed;
    const flipHigh = (load<u64>(SECRET, 48) ^ load<u64>(SECRET, 56)) + seed;
    const low = load<u64>(input);
    let high = load<u64>(input + length - 8);
    const mixed = low ^ high ^ flipLow;
    let mulLow = mixed * PRIME64_1 + (((length as u64) - 1) << 54);
    high ^= flipHigh;
    const upper = mulHigh(mixed, PRIME64_1) + high + (high & 0xffffffff) * (PRIME32_2 - 1);
    mulLow ^= bswap<u64>(upper);
    hashHigh = avalanche(mulHigh(mulLow, PRIME64_2) + upper * PRIME64_2);
    return avalanche(mulLow * PRIME64_2);
  }
  if (length >= 4) {
    const folded = seed ^ ((swap32(seed as u32) as u64) << 32);
    const joined = (load<u32>(input) as u64) + ((load<u32>(input + length - 4) as u64) << 32);
    const keyed = joined ^ ((load<u64>(SECRET, 16) ^ load<u64>(SECRET, 24)) + folded);
    const factor = PRIME64_1 + ((length as u64) << 2);
    let low = keyed * factor;
    const high = mulHigh(keyed, factor) + (low << 1);
    low ^= high >> 3;
    low = (low ^ (low >> 35)) * 0x9fb21c651e98df25;
    hashHigh = avalanche(high);
    return low ^ (low >> 28);
  }
  if (length > 0) {
    const first = load<u8>(input) as u32;
    const middle = load<u8>(input + (length >> 1)) as u32;
    const last = load<u8>(input + length - 1) as u32;
    const low = (first << 16) | (middle << 24) | last | ((length as u32) << 8);
    const high = rotl<u32>(swap32(low), 13);
    const flipLow = ((load<u32>(SECRET) ^ load<u32>(SECRET, 4)) as u64) + seed;
    const flipHigh = ((load<u32>(SECRET, 8) ^ load<u32>(SECRET, 12)) as u64) - seed;
    hashHigh = avalanche64((high as u64) ^ flipHigh);
    return avalanche64((low as u64) ^ flipLow);
  }
  hashHigh = avalanche64(seed ^ load<u64>(SECRET, 80) ^ load<u64>(SECRET, 88));
  return avalanche64(seed ^ load<u64>(SECRET, 64) ^ load<u64>(SECRET, 72));
}

let low: u64 = 0;
let high: u64 = 0;

@inline
function mix32(first: usize, second: usize, secret: usize, seed: u64): void {
  low = (low + mix16(first, secret, seed)) ^ (load<u64>(second) + load<u64>(second, 8));
  high = (high + mix16(second, secret + 16, seed)) ^ (load<u64>(first) + load<u64>(first, 8));
}

@inline
function finishMiddle(length: usize, seed: u64): u64 {
  const mixed = low * PRIME64_1 + high * PRIME64_4 + ((length as u64) - seed) * PRIME64_2;
  hashHigh = 0 - avalanche(mixed);
  return avalanche(low + high);
}

/** 17 to 128 bytes. */
function middle(input: usize, length: usize, seed: u64): u64 {
  low = (length as u64) * PRIME64_1;
  high = 0;
  const end = input + length;
  if (length > 32) {
    if (length > 64) {
      if (length > 96) mix32(input + 48, end - 64, SECRET + 96, seed);
      mix32(input + 32, end - 48, SECRET + 64, seed);
    }
    mix32(input + 16, end - 32, SECRET + 32, seed);
  }
  mix32(input, end - 16, SECRET, seed);
  return finishMiddle(length, seed);
}

/** 129 to 240 bytes. */
function large(input: usize, length: usize, seed: u64): u64 {
  low = (length as u64) * PRIME64_1;
  high = 0;
  for (let at: usize = 0; at < 128; at += 32) mix32(input + at, input + at + 16, SECRET + at, seed);
  low = avalanche(low);
  high = avalanche(high);
  const whole = length & ~31;
  for (let at: usize = 128; at < whole; at += 32) mix32(input + at, input + at + 16, SECRET + 3 + at - 128, seed);
  const end = input + length;
  mix32(end - 16, end - 32, SECRET + 136 - 17 - 16, 0 - seed);
  return finishMiddle(length, seed);
}

function accumulate(input: usize, secret: usize): void {
  for (let lane: usize = 0; lane < 64; lane += 8) {
    const value = load<u64>(input + lane);
    const key = value ^ load<u64>(secret + lane);
    const other = ACC + (lane ^ 8);
    store<u64>(other, load<u64>(other) + value);
    store<u64>(ACC + lane, load<u64>(ACC + lane) + (key & 0xffffffff) * (key >> 32));
  }
}

function scramble(secret: usize): void {
  for (let lane: usize = 0; lane < 64; lane += 8) {
    const value = load<u64>(ACC + lane);
    store<u64>(ACC + lane, (value ^ (value >> 47) ^ load<u64>(secret + lane)) * PRIME32_1);
  }
}

function merge(secret: usize, start: u64): u64 {
  let result = start;
  for (let lane: usize = 0; lane < 64; lane += 16)
    result += fold(load<u64>(ACC + lane) ^ load<u64>(secret + lane), load<u64>(ACC + lane + 8) ^ load<u64>(secret + lane + 8));
  return avalanche(result);
}

/** More than 240 bytes. */
function long(input: usize, length: usize, seed: u64): u64 {
  for (let at: usize = 0; at < SECRET_SIZE; at += 16) {
    store<u64>(SEEDED + at, load<u64>(SECRET + at) + seed);
    store<u64>(SEEDED + at, load<u64>(SECRET + at + 8) - seed, 8);
  }
  store<u64>(ACC, PRIME32_3);
  store<u64>(ACC, PRIME64_1, 8);
  store<u64>(ACC, PRIME64_2, 16);
  store<u64>(ACC, PRIME64_3, 24);
  store<u64>(ACC, PRIME64_4, 32);
  store<u64>(ACC, PRIME32_2, 40);
  store<u64>(ACC, PRIME64_5, 48);
  store<u64>(ACC, PRIME32_1, 56);
  const stripes = (SECRET_SIZE - STRIPE) / 8;
  const block = STRIPE * stripes;
  const blocks = (length - 1) / block;
  for (let index: usize = 0; index < blocks; index += 1) {
    for (let stripe: usize = 0; stripe < stripes; stripe += 1)
      accumulate(input + index * block + stripe * STRIPE, SEEDED + stripe * 8);
    scramble(SEEDED + SECRET_SIZE - STRIPE);
  }
  const rest = (length - 1 - block * blocks) / STRIPE;
  for (let stripe: usize = 0; stripe < rest; stripe += 1)
    accumulate(input + blocks * block + stripe * STRIPE, SEEDED + stripe * 8);
  accumulate(input + length - STRIPE, SEEDED + SECRET_SIZE - STRIPE - 7);
  hashHigh = merge(SEEDED + SECRET_SIZE - 64 - 11, ~((length as u64) * PRIME64_2));
  return merge(SEEDED + 11, (length as u64) * PRIME64_1);
}

/** The hash of `length` bytes: its lower half; the upper one is in `hashHigh`. */
export function xxh3(input: usize, length: usize, seed: u64): u64 {
  if (length <= 16) return short(input, length, seed);
  if (length <= 128) return middle(input, length, seed);
  if (length <= 240) return large(input, length, seed);
  return long(input, length, seed);
}
