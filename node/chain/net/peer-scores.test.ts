import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from './network.ts';
import { PeerScores, WEIGHTS } from './peer-scores.ts';
import { TokenBucket } from './token-bucket.ts';

describe('the scores of peers', () => {
  const limits = { limit: 100, halfLifeMs: 1_000, refusedMs: 5_000 };

  it('are the sum of faults, each halved in every half-life, until the limit refuses for a while', () => {
    const fault = fc.constantFrom<Fault>('malformed', 'invalid', 'useless', 'flood');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(800), fault), { maxLength: 60 }), (steps) => {
        let now = 0;
        const scores = new PeerScores({ now: () => now, ...limits });
        let faults: { at: number; points: number }[] = [];
        let refusedUntil = 0;
        for (const [wait, kind] of steps) {
          now += wait;
          if (now >= refusedUntil) {
            faults.push({ at: now, points: WEIGHTS[kind] });
            const sum = faults.reduce((s, { at, points }) => s + points / 2 ** ((now - at) / 1_000), 0);
            if (sum >= 100) {
              refusedUntil = now + 5_000;
              faults = [];
            } else expect(scores.score('a') + WEIGHTS[kind]).toBeCloseTo(sum, 6);
          }
          expect(scores.blame('a', kind)).toBe(now < refusedUntil);
          expect(scores.isRefused('a')).toBe(now < refusedUntil);
          expect(scores.score('b')).toBe(0);
        }
      }),
    );
  });

  it('begin anew once a peer is let in again', () => {
    let now = 0;
    const scores = new PeerScores({ now: () => now, ...limits });
    for (let nth = 0; nth < 3; nth++) scores.blame('a', 'malformed');
    expect(scores.isRefused('a')).toBe(true);
    now = 5_000;
    expect(scores.isRefused('a')).toBe(false);
    expect(scores.score('a')).toBe(0);
  });

  it('are bounded whoever comes under however many names, and the guilty are remembered longest', () => {
    const scores = new PeerScores({ now: () => 0, ...limits, most: 100 });
    scores.blame('guilty', 'malformed');
    scores.blame('guilty', 'malformed');
    for (let nth = 0; nth < 1_000; nth++) {
      scores.blame(`one ${nth}`, 'useless');
      for (let times = 0; times < 3; times++) scores.blame(`bad ${nth}`, 'invalid');
    }
    expect(scores.size).toBeLessThanOrEqual(200);
    expect(scores.score('guilty')).toBe(80);
    expect(scores.isRefused('bad 999')).toBe(true);
  });
});

describe('a token bucket', () => {
  it('gives in no time more than the burst and what comes in that time, and all of that to who asks often', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 100 }),
        (steps) => {
          let now = 0;
          const bucket = new TokenBucket({ perSecond: 10, burst: 20 }, () => now);
          let left = 20;
          for (const [wait, amount] of steps) {
            now += wait;
            left = Math.min(20, left + wait / 100);
            const may = left >= amount - 1e-9;
            // Where the two differ by rounding only, either is right.
            if (Math.abs(left - amount) > 1e-6) expect(bucket.take(amount)).toBe(may);
            else if (bucket.take(amount) !== may) return;
            if (may) left -= amount;
          }
        },
      ),
    );
  });

  it('says how long to wait for what was taken before it was there', () => {
    let now = 0;
    const bucket = new TokenBucket({ perSecond: 100, burst: 50 }, () => now);
    expect(bucket.owe(50)).toBe(0);
    expect(bucket.owe(100)).toBeCloseTo(1_000);
    now = 500;
    expect(bucket.owe(0)).toBeCloseTo(500);
    now = 1_000;
    expect(bucket.owe(0)).toBe(0);
  });
});
