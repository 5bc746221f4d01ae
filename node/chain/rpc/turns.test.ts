// A few at once, the rest in order, and nobody for ever.
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('go to so many at once, in order, also after failures', async () => {
    const turns = new Turns(2, 5_000);
    let [running, most] = [0, 0];
    const order: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 9 }, (_, nth) =>
        turns.take(async () => {
          running += 1;
          most = Math.max(most, running);
          order.push(nth);
          await new Promise(setImmediate);
          running -= 1;
          if (nth % 3 === 0) throw new Error('failed');
          return nth;
        }),
      ),
    );
    expect([most, order]).toEqual([2, [0, 1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(results.filter(({ status }) => status === 'rejected').length).toBe(3);
    expect(await turns.take(async () => 'free')).toBe('free');
  });

  it('are refused to who has waited too long, and not lost by it', async () => {
    const turns = new Turns(1, 20);
    let end = (): void => undefined;
    const first = turns.take(() => new Promise<void>((resolve) => (end = resolve)));
    let began = false;
    const second = turns.take(async () => {
      began = true;
    });
    await expect(second).rejects.toThrow(/try again/);
    end();
    await first;
    expect(began).toBe(false);
    expect(await turns.take(async () => 'free')).toBe('free');
  });
});
