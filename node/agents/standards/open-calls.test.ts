// Places for calls: nobody takes all of them, every one is given back, and a call is ended by its key alone.
import { describe, expect, it } from 'vitest';
import { OpenCalls } from './open-calls.ts';

describe('OpenCalls', () => {
  it('bounds a viewer and the process, and takes places back', () => {
    const calls = new OpenCalls({ perViewer: 2, total: 3 });
    const first = calls.open('anna', 'a 1');
    calls.open('anna', 'a 2');
    expect(() => calls.open('anna', 'a 3')).toThrow(/2 are allowed at a time/);
    const bert = calls.open('bert', 'b 1');
    expect(() => calls.open('carl', 'c 1')).toThrow(/as many as it takes/);
    first.close();
    first.close();
    calls.open('anna', 'a 3');
    bert.close();
    expect(calls.size).toBe(2);
  });

  it('cancels one, or those of a session', () => {
    const calls = new OpenCalls();
    const [one, other, last] = ['s1 1', 's1 "1"', 's2 1'].map((key) => calls.open('anna', key));
    expect(calls.cancel('s1 1')).toBe(true);
    expect(calls.cancel('s9 1')).toBe(false);
    expect([one, other, last].map((call) => call?.cancelled.aborted)).toEqual([true, false, false]);
    calls.cancelAll('s1 ');
    expect([other, last].map((call) => call?.cancelled.aborted)).toEqual([true, false]);
  });
});
