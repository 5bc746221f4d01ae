// The engine by itself: commits that arrive while an execution runs, topics, slow listeners.
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { ReadSet } from '#node/platform/operation.ts';
import { type Commit, MemoryCommitFeed } from './commit-feed.ts';
import { LiveQueries } from './live-queries.ts';
import type { LiveExecution } from './live-query.ts';

const logger = pino({ level: 'silent' });
const topic = (...topics: string[]): Commit => ({ deployment: '', block: -1, entities: [], topics });

/** An engine over one number, whose executions a test can hold back after they have read it. */
function world() {
  const feed = new MemoryCommitFeed();
  const engine = new LiveQueries({ feed, logger });
  const state = { value: 0, executions: 0, gate: Promise.resolve() };
  const execute = async (): Promise<LiveExecution> => {
    state.executions += 1;
    const reads = new ReadSet();
    reads.addTopic('value');
    const read = state.value;
    await state.gate;
    return { result: { data: { value: read } }, reads, heads: new Map() };
  };
  return { feed, engine, state, listen: () => engine.subscribe('key', execute) };
}

describe('live queries', () => {
  it('executes again for a change that came after the running execution had read', async () => {
    const { feed, state, listen } = world();
    const listener = listen();
    expect((await listener.next()).value).toEqual({ data: { value: 0 } });
    let open = () => {};
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    state.value = 1;
    feed.publish(topic('value')); // reads 1 and waits
    const next = listener.next();
    await Promise.resolve();
    state.value = 2;
    feed.publish(topic('value'));
    open();
    expect((await next).value).toEqual({ data: { value: 1 } });
    expect((await listener.next()).value).toEqual({ data: { value: 2 } });
  });

  it('leaves alone what a commit does not touch, and wakes everything with topics when signals were missed', async () => {
    const { feed, state, listen } = world();
    const listener = listen();
    await listener.next();
    const before = state.executions;
    feed.publish(topic('other'));
    feed.publish({ deployment: 'Qm', block: 3, entities: ['*'] });
    expect(state.executions).toBe(before);
    state.value = 5;
    feed.publish(topic('*'));
    expect((await listener.next()).value).toEqual({ data: { value: 5 } });
  });

  it('gives a slow listener the latest state only, and nothing when it is back to what it has', async () => {
    const { feed, state, listen } = world();
    const [slow, quick] = [listen(), listen()];
    await Promise.all([slow.next(), quick.next()]);
    for (const value of [1, 2, 3]) {
      state.value = value;
      feed.publish(topic('value'));
      expect((await quick.next()).value).toEqual({ data: { value } });
    }
    expect((await slow.next()).value).toEqual({ data: { value: 3 } });
    state.value = 4;
    feed.publish(topic('value'));
    await quick.next();
    state.value = 3;
    feed.publish(topic('value'));
    await quick.next();
    const nothing = slow.next();
    state.value = 9;
    feed.publish(topic('value'));
    expect((await nothing).value).toEqual({ data: { value: 9 } });
  });

  it('never gives a newcomer a result computed before it came', async () => {
    const { state, listen } = world();
    const first = listen();
    await first.next();
    state.value = 7; // nobody announces it
    expect((await listen().next()).value).toEqual({ data: { value: 7 } });
  });

  it('ends all listeners when it closes, and forgets queries that nobody hears', async () => {
    const { engine, listen } = world();
    const listener = listen();
    await listener.next();
    expect(engine.size).toBe(1);
    await listener.return?.();
    expect(engine.size).toBe(0);
    const other = listen();
    await other.next();
    const pending = other.next();
    engine.close();
    expect((await pending).done).toBe(true);
  });
});
