// Any number of processes with any share of the deployments settle at fair shares, and stay there.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ANYBODY_AFTER_MS, type Claimable, decideClaims } from './claims.ts';

const view = (
  owner: string,
  nodes: number,
  deployments: readonly Claimable[],
  running: Iterable<string>,
  now = 0,
) => ({
  owner,
  nodes,
  deployments,
  running: new Set(running),
  freeSince: new Map(deployments.map(({ deployment }) => [deployment, 0])),
  keptUntil: new Map(),
  now,
});

it('settles at fair shares from any start, also after a process died, and then moves nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      (holders, alive) => {
        const held = new Map(holders.map((node, index) => [`d${index}`, node === null ? null : `n${node}`]));
        // What dead processes held has expired.
        for (const [id, node] of held)
          if (node !== null && Number(node.slice(1)) >= alive) held.set(id, null);
        let moved = 0;
        for (let round = 0; round < 40; round++) {
          moved = 0;
          for (let node = 0; node < alive; node++) {
            const owner = `n${node}`;
            const deployments = [...held].map(([deployment, heldBy]) => ({ deployment, heldBy }));
            const mine = [...held].filter(([, by]) => by === owner).map(([id]) => id);
            const { start, stop } = decideClaims(view(owner, alive, deployments, mine));
            for (const id of stop) held.set(id, null);
            for (const id of start) {
              expect(held.get(id)).toBe(null);
              held.set(id, owner);
            }
            moved += start.length + stop.length;
          }
        }
        expect(moved).toBe(0);
        const shares = Array.from(
          { length: alive },
          (_, node) => [...held.values()].filter((by) => by === `n${node}`).length,
        );
        expect([...held.values()]).not.toContain(null);
        expect(Math.max(...shares)).toBeLessThanOrEqual(Math.ceil(held.size / alive));
      },
    ),
  );
});

it('takes what nobody else takes, and gives up what another process holds', () => {
  const free = [
    { deployment: 'a', heldBy: 'me' },
    { deployment: 'b', heldBy: null },
  ];
  expect(decideClaims(view('me', 2, free, ['a'])).start).toEqual([]);
  expect(decideClaims(view('me', 2, free, ['a'], ANYBODY_AFTER_MS))).toMatchObject({
    start: ['b'],
    beyondShare: ['b'],
  });
  const taken = [{ deployment: 'a', heldBy: 'other' }];
  expect(decideClaims(view('me', 2, taken, ['a']))).toMatchObject({ start: [], stop: ['a'] });
});
