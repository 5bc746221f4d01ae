import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Redial } from './redial.ts';

describe('redial', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function redial(dials: (address: string) => Promise<void>) {
    const connected = new Set<string>();
    const calls: number[] = [];
    const it = new Redial({
      content: (address) => connected.has(address),
      dial: async (address) => {
        calls.push(Date.now());
        await dials(address);
        connected.add(address);
      },
      random: () => 1,
    });
    return { it, connected, calls };
  }

  it('calls for ever, ever more rarely up to a quarter of a minute, and often again once it was there', async () => {
    let there = false;
    const { it, connected, calls } = redial(async () => {
      if (!there) throw new Error('nobody there');
    });
    it.start(['a', 'a']);
    await vi.advanceTimersByTimeAsync(3_600_000);
    const waits = calls.slice(1).map((at, nth) => at - (calls[nth] as number));
    expect(waits.slice(0, 7)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000]);
    expect(waits.slice(7).every((wait) => wait === 15_000)).toBe(true);
    expect(calls.length).toBeGreaterThan(200);
    there = true;
    await vi.advanceTimersByTimeAsync(31_000);
    const sofar = calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.length).toBe(sofar);
    connected.clear();
    await vi.advanceTimersByTimeAsync(1_001);
    expect(calls.length).toBe(sofar + 1);
    it.close();
    connected.clear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.length).toBe(sofar + 1);
  });
});
