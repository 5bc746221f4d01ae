// What every event bus promises, as one suite that each implementation's test runs.
import { describe, expect, it } from 'vitest';
import type { EventBus, StreamEvent } from './event-bus.ts';

export function describeEventBus(name: string, make: () => Promise<EventBus>): void {
  describe(name, () => {
    const withBus = (test: (bus: EventBus) => Promise<void>) => async () => {
      const bus = await make();
      try {
        await test(bus);
      } finally {
        await bus.close();
      }
    };

    it(
      'numbers events from 1 without gaps and reads them in pages',
      withBus(async (bus) => {
        for (let n = 1; n <= 5; n++) await bus.transaction((t) => t.append('a', [{ n }, { n: -n }]));
        expect(await bus.head('a')).toBe(10n);
        expect(await bus.head('nothing')).toBe(0n);
        const page = await bus.read('a', 3n, 4);
        expect(page.map((event) => event.seq)).toEqual([4n, 5n, 6n, 7n]);
        expect(page.map((event) => event.payload)).toEqual([{ n: -2 }, { n: 3 }, { n: -3 }, { n: 4 }]);
      }),
    );

    it(
      'stores and signals nothing of a transaction that throws',
      withBus(async (bus) => {
        const signals: unknown[] = [];
        bus.onSignal('topic', (payload) => signals.push(payload));
        const failing = bus.transaction(async (t) => {
          await t.append('a', [1]);
          await t.signal('topic', 'lost');
          throw new Error('no');
        });
        await expect(failing).rejects.toThrow('no');
        await bus.transaction((t) => t.signal('topic', 'kept'));
        await expect.poll(() => signals).toEqual(['kept']);
        expect(await bus.head('a')).toBe(0n);
      }),
    );

    it(
      'numbers concurrent writers in the order of their commits',
      withBus(async (bus) => {
        await Promise.all(
          Array.from({ length: 40 }, (_, n) => bus.transaction((t) => t.append('busy', [n, n + 100]))),
        );
        const events = await bus.read('busy', 0n, 1_000);
        expect(events.map((event) => Number(event.seq))).toEqual(Array.from({ length: 80 }, (_, n) => n + 1));
        for (let n = 0; n < 80; n += 2)
          expect(events[n + 1]?.payload).toBe((events[n]?.payload as number) + 100);
      }),
    );

    it(
      'delivers each event once and in order to a subscriber that starts while others write',
      withBus(async (bus) => {
        const total = 300;
        const writing = (async () => {
          for (let n = 0; n < total; n += 3) await bus.transaction((t) => t.append('s', [n, n + 1, n + 2]));
        })();
        const seen: unknown[] = [];
        for await (const event of bus.subscribe('s', { after: 0n })) {
          seen.push(event.payload);
          if (seen.length === total) break;
        }
        await writing;
        expect(seen).toEqual(Array.from({ length: total }, (_, n) => n));
      }),
    );

    it(
      'resumes after a cursor',
      withBus(async (bus) => {
        await bus.transaction((t) => t.append('s', ['a', 'b', 'c', 'd']));
        const seen: StreamEvent[] = [];
        for await (const event of bus.subscribe('s', { after: 2n })) {
          seen.push(event);
          if (seen.length === 2) break;
        }
        expect(seen.map((event) => event.payload)).toEqual(['c', 'd']);
      }),
    );

    it(
      'ends a waiting subscription when it is aborted or returned from',
      withBus(async (bus) => {
        const controller = new AbortController();
        const aborted = bus.subscribe('quiet', { after: 0n, signal: controller.signal });
        const waiting = aborted.next();
        controller.abort();
        expect((await waiting).done).toBe(true);
        const returned = bus.subscribe('quiet', { after: 0n });
        const pending = returned.next();
        await returned.return?.();
        expect((await pending).done).toBe(true);
      }),
    );

    it(
      'keeps topics apart and stops at request',
      withBus(async (bus) => {
        const heard: unknown[] = [];
        const stop = bus.onSignal('one', (payload) => heard.push(payload));
        await bus.transaction(async (t) => {
          await t.signal('two', 'other');
          await t.signal('one', { ok: true });
        });
        await expect.poll(() => heard).toEqual([{ ok: true }]);
        stop();
        const after: unknown[] = [];
        bus.onSignal('end', (payload) => after.push(payload));
        await bus.transaction(async (t) => {
          await t.signal('one', 'late');
          await t.signal('end', 1);
        });
        await expect.poll(() => after).toEqual([1]);
        expect(heard).toEqual([{ ok: true }]);
      }),
    );
  });
}
