import { expect, it } from 'vitest';
import { BlockDag } from './block-dag.ts';
import { MEDIAN_WINDOW, pastMedianTime } from './past-median-time.ts';
import { blockId } from './testing/random-dag.ts';

const id = (nth: number) => blockId(9, nth);

/** A chain whose blocks have these times. */
function chainOf(times: readonly number[]) {
  const dag = new BlockDag({ k: 3, genesis: id(0) });
  for (let nth = 1; nth < times.length; nth++) dag.add({ id: id(nth), parents: [id(nth - 1)] });
  const timeOf = (block: string) => times[times.findIndex((_, nth) => id(nth) === block)] as number;
  return { dag, timeOf, tip: id(times.length - 1) };
}

it('is the middle of the last blues, of fewer at the beginning', () => {
  for (const length of [1, 2, 5, 26, 27, 28, 60]) {
    const { dag, timeOf, tip } = chainOf(Array.from({ length }, (_, nth) => nth * 1_000));
    const counted = Math.min(length, MEDIAN_WINDOW);
    expect(pastMedianTime(dag, tip, timeOf)).toBe((length - counted + (counted >>> 1)) * 1_000);
  }
});

it('is not moved beyond honest times by fewer liars than half', () => {
  const honest = Array.from({ length: 100 }, (_, nth) => nth * 1_000);
  const lying = honest.map((time, nth) => (nth % 2 === 1 ? time + 1e9 : time));
  const { dag, timeOf, tip } = chainOf([...lying, 100_000]);
  const median = pastMedianTime(dag, tip, timeOf);
  expect(median).toBeLessThanOrEqual(100_000);
  expect(median).toBeGreaterThanOrEqual((100 - MEDIAN_WINDOW) * 1_000);
});

it('counts merged blues, and no reds', () => {
  const dag = new BlockDag({ k: 1, genesis: id(0) });
  const times = new Map([[id(0), 0]]);
  const add = (nth: number, parents: readonly number[], time: number) => {
    times.set(id(nth), time);
    return dag.add({ id: id(nth), parents: parents.map(id) });
  };
  for (let nth = 1; nth <= 3; nth++) add(nth, [0], nth * 10);
  const { blues, reds } = add(4, [1, 2, 3], 100);
  expect([blues.length, reds.length]).toEqual([2, 1]);
  const counted = [0, 100, ...blues.map((blue) => times.get(blue) as number)].sort((a, b) => a - b);
  expect(pastMedianTime(dag, id(4), (block) => times.get(block) as number)).toBe(counted[2]);
});
