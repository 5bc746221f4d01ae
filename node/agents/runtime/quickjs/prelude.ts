// The JavaScript that every guest's heap is booted with: `aios`, `console` and seeded random numbers. It runs inside the guest, so that
// nothing in it protects the host: what the host must hold is held on the host's side.

/** Operations of the function that the prelude answers. */
export const PRELUDE_OPERATION = { seed: 0, run: 1 } as const;
/** What the prelude reports through `done`. */
export const DONE = { output: 0, threw: 1, invalid: 2 } as const;

/** Characters of a log line that leave the guest. */
export const LOG_LINE = 65_536;

/** Evaluates to a factory: (call, log, done) → (operation, a, b). */
export const PRELUDE = `(function (hostCall, hostLog, hostDone) {
'use strict';
const { parse, stringify } = JSON;
const { freeze, defineProperty } = Object;
const { apply } = Reflect;
const NativeString = String;
const { charCodeAt, slice } = NativeString.prototype;
const imul = Math.imul;

// xoshiro128** (Blackman and Vigna), two outputs a number.
let a = 0, b = 0, c = 0, d = 0;
const digit = (text, at) => { const code = apply(charCodeAt, text, [at]); return code < 58 ? code - 48 : code - 87; };
const word = (seed, at) => { let value = 0; for (let i = 0; i < 8; i += 1) value = (value << 4) | digit(seed, at * 8 + i); return value; };
const next = () => {
  const scrambled = imul(b, 5);
  const result = imul((scrambled << 7) | (scrambled >>> 25), 9);
  const shifted = b << 9;
  c ^= a; d ^= b; b ^= c; a ^= d; c ^= shifted; d = (d << 11) | (d >>> 21);
  return result >>> 0;
};
const stir = (turns) => {
  if ((a | b | c | d) === 0) a = 1;
  for (let i = 0; i < turns; i += 1) next();
};
const seedWith = (seed) => {
  a = word(seed, 0); b = word(seed, 1); c = word(seed, 2); d = word(seed, 3);
  stir(16);
  a ^= word(seed, 4); b ^= word(seed, 5); c ^= word(seed, 6); d ^= word(seed, 7);
  stir(16);
};
const random = { random() { return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992; } }.random;
defineProperty(Math, 'random', { value: random, writable: true, configurable: true });

class AiosCallError extends Error {
  constructor(code, message) { super(message); this.code = code; }
}
defineProperty(AiosCallError.prototype, 'name', { value: 'AiosCallError' });

const textOf = (value) => {
  if (typeof value === 'string') return value;
  try {
    if (value instanceof Error) return NativeString(value.name) + ': ' + NativeString(value.message);
    const json = stringify(value);
    return json === undefined ? NativeString(value) : json;
  } catch { return '[unprintable]'; }
};
const say = (level) => (...parts) => {
  let line = '';
  for (let i = 0; i < parts.length; i += 1) line += (i > 0 ? ' ' : '') + textOf(parts[i]);
  hostLog(level, stringify(line.length > ${LOG_LINE} ? apply(slice, line, [0, ${LOG_LINE}]) : line));
};
const levels = { debug: say(0), info: say(1), warn: say(2), error: say(3) };
const log = (...parts) => { levels.info(...parts); };
for (const level of ['debug', 'info', 'warn', 'error']) log[level] = levels[level];

const call = (capability, args) => {
  if (typeof capability !== 'string') throw new TypeError('aios.call: the capability is a string, such as "http"');
  const json = stringify([capability, args === undefined ? null : args]);
  const answer = parse(hostCall(json));
  if (answer.error) throw new AiosCallError(answer.error.code, answer.error.message);
  return answer.ok;
};
const aios = freeze({ call, log: freeze(log) });
const visible = (name, value) => defineProperty(globalThis, name, { value, writable: true, configurable: true });
visible('aios', aios);
visible('AiosCallError', AiosCallError);
visible('console', freeze({ ...levels, log: levels.info }));

const describe = (error) => {
  try {
    if (error instanceof Error) {
      const name = NativeString(error.name), message = NativeString(error.message), stack = NativeString(error.stack);
      return stringify({ name, message, stack });
    }
    return stringify({ name: 'Error', message: 'threw ' + textOf(error), stack: '' });
  } catch { return '{"name":"Error","message":"threw what cannot be described","stack":""}'; }
};
const run = async (evaluated, inputJson) => {
  let json;
  try {
    const agent = await evaluated;
    const entry = agent.run;
    if (typeof entry !== 'function') { hostDone(${DONE.invalid}, stringify(typeof entry)); return; }
    json = stringify(await entry(parse(inputJson), aios));
    if (json === undefined) json = 'null';
  } catch (error) { hostDone(${DONE.threw}, describe(error)); return; }
  hostDone(${DONE.output}, json);
};
return (operation, first, second) => {
  if (operation === ${PRELUDE_OPERATION.seed}) seedWith(first);
  else if (operation === ${PRELUDE_OPERATION.run}) run(first, second);
  else hostDone(${DONE.threw}, describe(first));
};
})`;
