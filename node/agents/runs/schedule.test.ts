// Ticks against dates worked out by hand, clock changes included, and a property: no tick twice, none lost, whenever one looks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRhythm, dueTicks, nextTick, type Rhythm } from './schedule.ts';

const at = (text: string) => new Date(text);
const berlin: Rhythm = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };

describe('schedules', () => {
  it('tick in their time zone, over the change of the clocks', () => {
    expect(nextTick({ cron: '0 9 * * 1-5', timeZone: 'Europe/Berlin' }, at('2026-01-02T10:00:00Z'))).toEqual(
      at('2026-01-05T08:00:00Z'),
    );
    expect(nextTick({ cron: '0 9 * * *', timeZone: 'America/New_York' }, at('2026-07-01T00:00:00Z'))).toEqual(
      at('2026-07-01T13:00:00Z'),
    );
    // 02:30 does not exist on 29 March 2026 in Berlin: the tick of that day comes at the moment the clock jumps.
    expect(nextTick(berlin, at('2026-03-28T12:00:00Z'))).toEqual(at('2026-03-29T01:00:00Z'));
    expect(nextTick(berlin, at('2026-03-29T12:00:00Z'))).toEqual(at('2026-03-30T00:30:00Z'));
  });

  it('treat missed ticks as they say', () => {
    const hourly: Rhythm = { everyMs: 3_600_000, anchor: at('2026-01-01T00:00:00Z') };
    const due = at('2026-01-01T01:00:00Z');
    const late = at('2026-01-01T05:30:00Z');
    const next = at('2026-01-01T06:00:00Z');
    expect(dueTicks(hourly, 'skip', due, late)).toEqual({ run: [], next });
    expect(dueTicks(hourly, 'once', due, late)).toEqual({ run: [at('2026-01-01T05:00:00Z')], next });
    expect(dueTicks(hourly, 'all', due, late).run).toHaveLength(5);
    expect(dueTicks(hourly, 'skip', due, at('2026-01-01T01:00:03Z'))).toEqual({
      run: [due],
      next: at('2026-01-01T02:00:00Z'),
    });
    const daily: Rhythm = { cron: '0 0 * * *', timeZone: 'UTC' };
    const day = at('2026-01-02T00:00:00Z');
    expect(dueTicks(daily, 'once', day, day)).toEqual({ run: [day], next: at('2026-01-03T00:00:00Z') });
  });

  it('lose no tick and repeat none, whenever they are looked at', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 90_000 }),
        fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 20 }),
        (everyMs, waits) => {
          const anchor = at('2026-01-01T00:00:00Z');
          const rhythm: Rhythm = { everyMs, anchor };
          const seen: number[] = [];
          let due: Date | null = anchor;
          let now = anchor.getTime();
          for (const wait of waits) {
            now += wait;
            while (due && due.getTime() <= now) {
              const ticks = dueTicks(rhythm, 'all', due, new Date(now));
              seen.push(...ticks.run.map((tick) => tick.getTime()));
              due = ticks.next;
            }
          }
          const expected = Array.from(
            { length: Math.floor((now - anchor.getTime()) / everyMs) + 1 },
            (_, n) => anchor.getTime() + n * everyMs,
          );
          expect(seen).toEqual(expected);
        },
      ),
    );
  });

  it.each([
    [{ cron: 'every day', timeZone: 'UTC' }, /cron expression/],
    [{ cron: '0 0 * * *', timeZone: 'Mars/Olympus' }, /time zone/],
    [{ cron: '0 0 31 2 *', timeZone: 'UTC' }, /never comes about/],
    [{ everyMs: 10, anchor: new Date() }, /milliseconds/],
  ])('are refused with what is wrong: %j', (rhythm, message) => {
    expect(() => checkRhythm(rhythm)).toThrow(message);
  });
});
