// What goes wrong in a simulation, and when: drawn from its seed.
import { MISCONDUCTS } from '../engine/misconduct.ts';
import type { ByzantineKind } from './conducts.ts';

export const FAULT_KINDS = [
  'partition',
  'loss',
  'delay',
  'duplication',
  'crash',
  'skew',
  'late',
  'byzantine',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type Fault =
  | {
      readonly kind: 'partition';
      readonly from: number;
      readonly to: number;
      readonly groups: readonly (readonly number[])[];
    }
  | {
      readonly kind: 'loss' | 'duplication';
      readonly from: number;
      readonly to: number;
      readonly share: number;
    }
  | { readonly kind: 'delay'; readonly from: number; readonly to: number; readonly most: number }
  | {
      readonly kind: 'crash';
      readonly from: number;
      readonly to: number;
      readonly node: number /** Its clock is this far behind when it comes back: what it has signed lies ahead of it. */;
      readonly behind: number;
    }
  /** Starts with an empty disk when all others have gone on. */
  | { readonly kind: 'late'; readonly to: number; readonly node: number }
  | { readonly kind: 'skew'; readonly node: number; readonly ms: number }
  | { readonly kind: 'byzantine'; readonly node: number; readonly conduct: ByzantineKind };

const conducts: readonly ByzantineKind[] = [...MISCONDUCTS, 'withhold'];

/**
 * @param seconds all of it ends by then
 * @param nodes one of them at most is faulty by intention
 */
export function drawFaults(
  random: () => number,
  kinds: readonly FaultKind[],
  nodes: number,
  seconds: number,
): readonly Fault[] {
  const ms = seconds * 1_000;
  const whole = (most: number) => Math.floor(random() * most);
  const span = (most: number) => {
    const from = 3_000 + whole(ms - 5_000);
    return { from, to: Math.min(ms, from + 500 + whole(most)) };
  };
  const faults: Fault[] = [];
  const some = (kind: FaultKind, most: number, draw: () => Fault) => {
    if (!kinds.includes(kind)) return;
    for (let count = whole(most + 1); count > 0; count--) faults.push(draw());
  };
  some('byzantine', 1, () => ({
    kind: 'byzantine',
    node: nodes - 1,
    conduct: conducts[whole(conducts.length)] as ByzantineKind,
  }));
  some('late', 1, () => ({ kind: 'late', to: 5_000 + whole(ms - 6_000), node: whole(nodes - 1) }));
  some('skew', 2, () => ({ kind: 'skew', node: whole(nodes), ms: whole(500) - 250 }));
  some('partition', 3, () => {
    const side = Array.from({ length: nodes }, () => whole(2));
    const group = (nth: number) => side.flatMap((of, node) => (of === nth ? [node] : []));
    return { kind: 'partition', ...span(12_000), groups: [group(0), group(1)] };
  });
  some('loss', 2, () => ({ kind: 'loss', ...span(10_000), share: random() * 0.5 }));
  some('duplication', 2, () => ({ kind: 'duplication', ...span(10_000), share: random() * 0.5 }));
  some('delay', 2, () => ({ kind: 'delay', ...span(8_000), most: 100 + whole(2_500) }));
  const behind = () => (kinds.includes('skew') && random() < 0.3 ? whole(4_000) : 0);
  some('crash', 5, () => ({ kind: 'crash', ...span(8_000), node: whole(nodes), behind: behind() }));
  return faults;
}
