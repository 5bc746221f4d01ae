// The fast stable hash (crate stable-hash 0.4) and the event stream of one block's proof of indexing over it. AssemblyScript.
// A state is 32 bytes: three 64-bit words of the mixture, then the number of writes; all little-endian, as it is stored.
import { hashHigh, mulHigh, xxh3 } from './xxh3';

const ROOT: u64 = 17;
const CHILD: u64 = 486187739;

// -------------------------------------------------------------- memory

/** Room for `size` bytes of input; it is never given back. */
export function allocate(size: usize): usize {
  return heap.alloc(size);
}

// -------------------------------------------------------------- field addresses: 128 bits, upper half in `addressHigh`

let addressHigh: u64 = 0;

@inline
function child(low: u64, high: u64, number: u64): u64 {
  const product = low * CHILD;
  const sum = product + number;
  addressHigh = high * CHILD + mulHigh(low, CHILD) + (sum < product ? 1 : 0);
  return sum;
}

// -------------------------------------------------------------- mixing

/** Mixes (y0, y1, y2) into a state: x := P + Q(x + y) + R x y modulo 2^192, with Q = 2^64 - 7 and R = 8. */
@inline
function mix(state: usize, y0: u64, y1: u64, y2: u64): void {
  const x0 = load<u64>(state);
  const x1 = load<u64>(state, 8);
  const x2 = load<u64>(state, 16);
  // The product.
  let p0 = x0 * y0;
  let p1 = mulHigh(x0, y0);
  let p2 = x2 * y0 + x1 * y1 + x0 * y2;
  const left = x1 * y0;
  p2 += mulHigh(x1, y0);
  p1 += left;
  if (p1 < left) p2 += 1;
  const right = x0 * y1;
  p2 += mulHigh(x0, y1);
  p1 += right;
  if (p1 < right) p2 += 1;
  p2 = (p2 << 3) | (p1 >> 61);
  p1 = (p1 << 3) | (p0 >> 61);
  p0 = p0 << 3;
  // The sum.
  const s0 = x0 + y0;
  let carry: u64 = s0 < x0 ? 1 : 0;
  const half = x1 + y1;
  let carryOut: u64 = half < x1 ? 1 : 0;
  const s1 = half + carry;
  if (s1 < half) carryOut += 1;
  const s2 = x2 + y2 + carryOut;
  // Q s = (s << 64) + s - (s << 3).
  let q0 = s0;
  let q1 = s1 + s0;
  let q2 = s2 + s1 + (q1 < s0 ? 1 : 0);
  const e0 = s0 << 3;
  const e1 = (s1 << 3) | (s0 >> 61);
  const e2 = (s2 << 3) | (s1 >> 61);
  let borrow: u64 = q0 < e0 ? 1 : 0;
  q0 -= e0;
  const less = q1 - e1;
  let borrowOut: u64 = q1 < e1 ? 1 : 0;
  q1 = less - borrow;
  if (less < borrow) borrowOut += 1;
  q2 = q2 - e2 - borrowOut;
  // P + Q s + 8 x y.
  let r0 = q0 + p0;
  let c: u64 = r0 < q0 ? 1 : 0;
  let r1 = q1 + p1;
  let d: u64 = r1 < q1 ? 1 : 0;
  const r1c = r1 + c;
  if (r1c < r1) d += 1;
  let r2 = q2 + p2 + d;
  const t0 = r0 + 2305843009213693959;
  c = t0 < r0 ? 1 : 0;
  const t1 = r1c + 2305843009213693950;
  d = t1 < r1c ? 1 : 0;
  const t1c = t1 + c;
  if (t1c < t1) d += 1;
  r2 += d;
  store<u64>(state, t0);
  store<u64>(state, t1c, 8);
  store<u64>(state, r2, 16);
}

/** Makes a state empty: the identity of mixing, no writes. */
export function clear(state: usize): void {
  store<u64>(state, 16140901064495857665);
  store<u64>(state, u64.MAX_VALUE, 8);
  store<u64>(state, u64.MAX_VALUE, 16);
  store<u64>(state, 0, 24);
}

/** Mixes all writes of another state into this one. */
export function mixin(state: usize, other: usize): void {
  mix(state, load<u64>(other), load<u64>(other, 8), load<u64>(other, 16));
  store<u64>(state, load<u64>(state, 24) + load<u64>(other, 24), 24);
}

/** Writes bytes at a field address. */
export function write(state: usize, low: u64, high: u64, bytes: usize, length: usize): void {
  const hash = xxh3(bytes, length, low);
  mix(state, high & 0x7fffffffffffffff, hash, hashHigh);
  store<u64>(state, load<u64>(state, 24) + 1, 24);
}

/** The 128 bits of a finished state, at `out`. */
export function finish(state: usize, out: usize): void {
  const hash = xxh3(state, 24, load<u64>(state, 24));
  store<u64>(out, hash);
  store<u64>(out, hashHigh, 8);
}

// -------------------------------------------------------------- values
// A value is a tag (the variant numbers of graph-node's store values; 0 is null) and its content:
// 1 string, 6 bytes: u32 length, bytes. 2 int, 7 big int, 8 int8, 9 timestamp: an integer. 3 big decimal: exponent and digits, integers.
// 4 boolean: u8. 5 list: u32 count, values. An integer is u8 negative, u32 length, magnitude, little-endian.

const SCRATCH: usize = memory.data(8);

@inline
function writeBytes(state: usize, low: u64, high: u64, at: usize): usize {
  const length = load<u32>(at) as usize;
  if (length > 0) write(state, low, high, at + 4, length);
  return at + 4 + length;
}

function writeInteger(state: usize, low: u64, high: u64, at: usize): usize {
  if (load<u8>(at) != 0) {
    const sign = child(low, high, 0);
    write(state, sign, addressHigh, SCRATCH, 0);
  }
  const length = load<u32>(at, 1) as usize;
  let trimmed = length;
  while (trimmed > 0 && load<u8>(at + 4 + trimmed) == 0) trimmed -= 1;
  if (trimmed > 0) write(state, low, high, at + 5, trimmed);
  return at + 5 + length;
}

/** What a value's variant holds, at the address of the content. */
function writeContent(state: usize, low: u64, high: u64, tag: u32, at: usize): usize {
  switch (tag) {
    case 1:
    case 6:
      return writeBytes(state, low, high, at);
    case 2:
    case 7:
    case 8:
    case 9:
      return writeInteger(state, low, high, at);
    case 3: {
      const exponent = child(low, high, 1);
      const digits = writeInteger(state, exponent, addressHigh, at);
      return writeInteger(state, low, high, digits);
    }
    case 4:
      if (load<u8>(at) != 0) write(state, low, high, SCRATCH, 0);
      return at + 1;
    default: {
      const count = load<u32>(at);
      let next = at + 4;
      for (let index: u32 = 0; index < count; index += 1) {
        const item = child(low, high, index as u64);
        next = writeValue(state, item, addressHigh, next);
      }
      writeSmall(state, low, high, count as u64);
      return next;
    }
  }
}

function writeValue(state: usize, low: u64, high: u64, at: usize): usize {
  const tag = load<u8>(at) as u32;
  if (tag == 0) return at + 1;
  const content = child(low, high, 0);
  const next = writeContent(state, content, addressHigh, tag, at + 1);
  writeTag(state, low, high, tag);
  return next;
}

@inline
function writeTag(state: usize, low: u64, high: u64, tag: u32): void {
  store<u8>(SCRATCH, tag as u8);
  write(state, low, high, SCRATCH, 1);
}

/** An unsigned integer. */
function writeSmall(state: usize, low: u64, high: u64, value: u64): void {
  if (value == 0) return;
  store<u64>(SCRATCH, value);
  write(state, low, high, SCRATCH, (71 - (clz<u64>(value) as usize)) >> 3);
}

// -------------------------------------------------------------- the events of a block

const STREAM: usize = memory.data(32, 16);
const MEMBER: usize = memory.data(32, 16);
const PAUSED: usize = memory.data(32, 16);

let vectorLow: u64 = 0;
let vectorHigh: u64 = 0;
let length: u64 = 0;
let handlerStart: u64 = 0;

/** Begins the stream of a block: what follows is in `causality_regions[name].blocks[number].events`. */
export function beginBlock(number: u64): void {
  clear(STREAM);
  let low = child(ROOT, 0, 1);
  low = child(low, addressHigh, 0);
  low = child(low, addressHigh, number);
  low = child(low, addressHigh, 0);
  vectorLow = low;
  vectorHigh = addressHigh;
  length = 0;
  handlerStart = 0;
}

export function startHandler(): void {
  handlerStart = length;
}

/** Prepares an attribute: the state of its name alone, then the one of its name with the variant `tag`; 64 bytes. */
export function prepareField(name: usize, size: usize, tag: u32): usize {
  const field = heap.alloc(64);
  clear(field);
  const key = child(ROOT, 0, 0);
  write(field, key, addressHigh, name, size);
  memory.copy(field + 32, field, 32);
  const value = child(ROOT, 0, 1);
  writeTag(field + 32, value, addressHigh, tag);
  return field;
}

/** An entity was set. `at`: its id (u32 length, bytes), u32 count of attributes, each u32 prepared field and value. */
export function setEntity(type: usize, typeLength: usize, at: usize): void {
  const low = child(vectorLow, vectorHigh, length);
  const high = addressHigh;
  let address = child(low, high, 0);
  write(STREAM, address, addressHigh, type, typeLength);
  address = child(low, high, 1);
  let next = writeBytes(STREAM, address, addressHigh, at);
  const members = child(low, high, 2);
  const membersHigh = addressHigh;
  const value = child(ROOT, 0, 1);
  const content = child(value, addressHigh, 0);
  const contentHigh = addressHigh;
  const count = load<u32>(next);
  next += 4;
  for (let index: u32 = 0; index < count; index += 1) {
    const field = load<u32>(next) as usize;
    const tag = load<u8>(next, 4) as u32;
    next += 5;
    if (tag == 0) write(STREAM, members, membersHigh, field, 32);
    else {
      memory.copy(MEMBER, field + 32, 32);
      next = writeContent(MEMBER, content, contentHigh, tag, next);
      write(STREAM, members, membersHigh, MEMBER, 32);
    }
  }
  writeTag(STREAM, low, high, 2);
  length += 1;
}

/** An entity was removed. `at`: its type and its id, each u32 length and bytes. */
export function removeEntity(at: usize): void {
  const low = child(vectorLow, vectorHigh, length);
  const high = addressHigh;
  const type = child(low, high, 0);
  const next = writeBytes(STREAM, type, addressHigh, at);
  const id = child(low, high, 1);
  writeBytes(STREAM, id, addressHigh, next);
  writeTag(STREAM, low, high, 1);
  length += 1;
}

/** A handler failed: its events since `startHandler` count as redacted. */
export function failHandler(): void {
  const low = child(vectorLow, vectorHigh, length);
  const high = addressHigh;
  const redacted = child(low, high, 0);
  writeSmall(STREAM, redacted, addressHigh, length - handlerStart);
  writeTag(STREAM, low, high, 3);
  length += 1;
}

/** The stream so far as it would be stored; the stream can go on. With `previous`, the stored state before this block. */
export function pause(previous: usize): usize {
  memory.copy(PAUSED, STREAM, 32);
  writeSmall(PAUSED, vectorLow, vectorHigh, length);
  if (previous != 0) mixin(PAUSED, previous);
  return PAUSED;
}
