// GHOSTDAG by its definition, on sets: slow, and written without a look at the quick one. The oracle of the tests.

export interface BruteBlock {
  readonly id: string;
  readonly parents: readonly string[];
}

export interface BruteData {
  readonly past: ReadonlySet<string>;
  readonly selectedParent: string | undefined;
  readonly blueWork: number;
  readonly blues: readonly string[];
  readonly reds: readonly string[];
  /** All blues of its past. */
  readonly blueSet: ReadonlySet<string>;
}

/** @param blocks the genesis first, every block after its parents */
export function bruteForce(blocks: readonly BruteBlock[], k: number): ReadonlyMap<string, BruteData> {
  const known = new Map<string, BruteData>();
  const dataOf = (id: string) => known.get(id) as BruteData;
  const after = (a: string, b: string) => {
    const works = dataOf(a).blueWork - dataOf(b).blueWork;
    return works !== 0 ? works : Buffer.compare(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
  };
  const unrelated = (a: string, b: string) => a !== b && !dataOf(a).past.has(b) && !dataOf(b).past.has(a);
  for (const { id, parents } of blocks) {
    const past = new Set<string>(parents);
    for (const parent of parents) for (const each of dataOf(parent).past) past.add(each);
    const selectedParent = [...parents].sort(after).at(-1);
    if (selectedParent === undefined) {
      known.set(id, { past, selectedParent, blueWork: 0, blues: [], reds: [], blueSet: new Set() });
      continue;
    }
    const before = dataOf(selectedParent);
    const mergeset = [...past]
      .filter((each) => each !== selectedParent && !before.past.has(each))
      .sort(after);
    const blueSet = new Set([...before.blueSet, selectedParent]);
    const blues = [selectedParent];
    const reds: string[] = [];
    for (const candidate of mergeset) {
      const withIt = [...blueSet, candidate];
      const kept = withIt.every((blue) => withIt.filter((other) => unrelated(blue, other)).length <= k);
      // A block merges at most k blues beside its selected parent, whatever their anticones are.
      if (kept && blues.length <= k) {
        blueSet.add(candidate);
        blues.push(candidate);
      } else reds.push(candidate);
    }
    known.set(id, { past, selectedParent, blueWork: before.blueWork + blues.length, blues, reds, blueSet });
  }
  return known;
}
