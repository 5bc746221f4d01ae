import { describe, expect, it } from 'vitest';
import { HttpRefusal } from './fetch-provider.ts';
import {
  asksForLess,
  isBatchRefusal,
  isMethodMissing,
  isRateLimit,
  isTransient,
  RpcError,
  spanHint,
} from './rpc-errors.ts';

const error = (code: number, message: string) =>
  new RpcError('eth_getLogs', 'http://node', code, message, null);

describe('what providers answer to a range that is too long', () => {
  // Collected from the providers' documents and from issues of other indexers.
  it.each([
    [-32005, 'query returned more than 10000 results. Try with this block range [0x7E5D00, 0x7E5D1F].', 32],
    [
      -32602,
      'Log response size exceeded. Based on your parameters and the response size limit, this block range should work: [0x0, 0x63]',
      100,
    ],
    [-32600, 'You can make eth_getLogs requests with up to a 500 block range.', 500],
    [
      -32600,
      'You can make eth_getLogs requests with up to a 2K block range and no limit on the response size',
      2_000,
    ],
    [-32614, 'eth_getLogs is limited to a 10,000 range', 10_000],
    [-32000, 'exceed maximum block range: 5000', 5_000],
    [-32000, 'block range is too wide (maximum 1000)', 1_000],
    [-32012, 'block range too large, max is 1k blocks', 1_000],
    [-32701, 'Please specify an address in your request or, to remove restrictions: range too large', null],
    [-32005, 'query returned more than 10000 results', null],
    [-32000, 'logs matched by query exceeds limit of 10000', null],
  ])('%i %s', (code, message, span) => {
    expect(asksForLess(error(code, message))).toBe(true);
    expect(spanHint(error(code, message))).toBe(span);
    expect(isTransient(error(code, message))).toBe(false);
  });
});

describe('what providers answer to too many requests', () => {
  it.each([
    [429, 'Your app has exceeded its compute units per second capacity.'],
    [-32005, 'daily request count exceeded, request rate limited'],
    [-32007, '50/second request limit reached - reduce calls per second or upgrade: rate limit'],
    [-32016, 'over rate limit'],
    [-32097, 'Too Many Requests'],
  ])('%i %s', (code, message) => {
    expect(isRateLimit(error(code, message))).toBe(true);
    expect(isTransient(error(code, message))).toBe(true);
    expect(asksForLess(error(code, message))).toBe(false);
  });

  it('reads Retry-After as seconds and as a date', () => {
    expect(new HttpRefusal(429, '7').retryAfterMs).toBe(7_000);
    const soon = new HttpRefusal(503, new Date(Date.now() + 5_000).toUTCString());
    expect(soon.retryAfterMs).toBeGreaterThan(3_000);
    expect(isRateLimit(soon)).toBe(true);
    expect(isRateLimit(new HttpRefusal(503, null))).toBe(false);
    expect(new HttpRefusal(429, 'when it suits').retryAfterMs).toBeNull();
  });
});

it('tells a missing method, and a refused batch, from everything else', () => {
  expect(isMethodMissing(error(-32601, 'x'))).toBe(true);
  expect(isMethodMissing(error(-32000, 'the method trace_filter does not exist/is not available'))).toBe(
    true,
  );
  expect(isMethodMissing(error(-32600, 'Method trace_filter is not whitelisted'))).toBe(true);
  expect(isMethodMissing(error(-32000, 'header not found'))).toBe(false);
  expect(isBatchRefusal(error(-32600, 'batch limit 10 exceeded (can increase by --rpc.batch.limit)'))).toBe(
    true,
  );
  expect(isBatchRefusal(new HttpRefusal(413, null))).toBe(true);
  expect(isBatchRefusal(error(3, 'execution reverted: batch is over'))).toBe(false);
});
