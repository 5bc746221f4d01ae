import { expect, it } from 'vitest';
import { AUTO_HISTORY, pruneTarget } from './pruning.ts';

it('keeps what the manifest asks for, what may be reorganised, and some slack', () => {
  const state = { head: 1_000, earliest: 0, finalized: 936 };
  expect(pruneTarget('never', state)).toBeNull();
  expect(pruneTarget(100, state)).toBe(900);
  // Less than what may be reorganised is never kept.
  expect(pruneTarget(10, state)).toBe(936);
  expect(pruneTarget(10, { ...state, finalized: null })).toBe(990);
  expect(pruneTarget(10, { ...state, finalized: 0 })).toBeNull();
  expect(pruneTarget('auto', state)).toBe(1_000 - AUTO_HISTORY);
  expect(pruneTarget(100, { ...state, earliest: 880 })).toBeNull();
  expect(pruneTarget(100, { ...state, earliest: 879 })).toBe(900);
  expect(pruneTarget(2_000, state)).toBeNull();
});
