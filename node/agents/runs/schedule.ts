// When a schedule ticks: cron in a time zone or an interval from an anchor, and what becomes of ticks that nobody was there for.
import { Cron } from 'croner';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { MissedTicks } from './tables.ts';

export type Rhythm =
  | { readonly cron: string; readonly timeZone: string }
  | { readonly everyMs: number; readonly anchor: Date };

/** Shortest interval; a cron expression may name seconds. */
export const minEveryMs = 1_000;
const maxEveryMs = 366 * 86_400_000;
/** With `skip`, a tick this late still counts as kept. */
export const graceMs = 10_000;
/** With `all`, this many missed ticks are caught up at a time. */
export const maxCatchUp = 100;

/** @throws AiosError SCHEDULE_INVALID naming what is wrong */
export function checkRhythm(rhythm: Rhythm): void {
  if ('everyMs' in rhythm) {
    if (!Number.isInteger(rhythm.everyMs) || rhythm.everyMs < minEveryMs || rhythm.everyMs > maxEveryMs) {
      throw new AiosError(
        'SCHEDULE_INVALID',
        `An interval is a whole number of milliseconds from ${minEveryMs} to ${maxEveryMs}, not ${rhythm.everyMs}.`,
      );
    }
    return;
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: rhythm.timeZone });
  } catch {
    throw new AiosError(
      'SCHEDULE_INVALID',
      `${JSON.stringify(rhythm.timeZone.slice(0, 60))} is no time zone. Use a name of the IANA database such as "Europe/Berlin", or "UTC".`,
    );
  }
  let next: Date | null;
  try {
    next = cronOf(rhythm).nextRun();
  } catch (error) {
    throw new AiosError(
      'SCHEDULE_INVALID',
      `${JSON.stringify(rhythm.cron.slice(0, 80))} is no cron expression: ${messageOf(error)}. Write minute, hour, day, month and weekday, such as "0 9 * * 1-5".`,
    );
  }
  if (!next) {
    throw new AiosError(
      'SCHEDULE_INVALID',
      `${JSON.stringify(rhythm.cron)} never comes about. Give a time that will.`,
    );
  }
}

/** The first tick after `time`; null when there is none any more. */
export function nextTick(rhythm: Rhythm, time: Date): Date | null {
  if ('everyMs' in rhythm) {
    const since = time.getTime() - rhythm.anchor.getTime();
    const count = Math.max(0, Math.floor(since / rhythm.everyMs) + 1);
    return new Date(rhythm.anchor.getTime() + count * rhythm.everyMs);
  }
  return cronOf(rhythm).nextRun(time);
}

/** The last tick at or before `time`. */
function lastTick(rhythm: Rhythm, time: Date): Date | null {
  if ('everyMs' in rhythm) {
    const next = nextTick(rhythm, time);
    return next && new Date(next.getTime() - rhythm.everyMs);
  }
  // A tick has no milliseconds, and the one at `time` itself counts.
  return (
    cronOf(rhythm).previousRuns(1, new Date(time.getTime() + 1_000 - (time.getTime() % 1_000)))[0] ?? null
  );
}

export interface DueTicks {
  /** Ticks that become runs, in order. */
  readonly run: readonly Date[];
  /** Where the schedule stands afterwards. */
  readonly next: Date | null;
}

/** What is to be done at `now` when the schedule stood at `due`, which is not after `now`. */
export function dueTicks(rhythm: Rhythm, missed: MissedTicks, due: Date, now: Date): DueTicks {
  if (missed === 'all') {
    const run: Date[] = [];
    let tick: Date | null = due;
    while (tick && tick <= now && run.length < maxCatchUp) {
      run.push(tick);
      tick = nextTick(rhythm, tick);
    }
    return { run, next: tick };
  }
  const last = lastTick(rhythm, now) ?? due;
  const tick = last < due ? due : last;
  const kept = missed === 'once' || now.getTime() - tick.getTime() <= graceMs;
  return { run: kept ? [tick] : [], next: nextTick(rhythm, now) };
}

function cronOf({ cron, timeZone }: { readonly cron: string; readonly timeZone: string }): Cron {
  return new Cron(cron, { timezone: timeZone, paused: true });
}
