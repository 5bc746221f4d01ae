// What several readers ask at the head is asked once, and never answered from before an announcement.
import { describe, expect, it } from 'vitest';
import { SharedEnd } from './shared-end.ts';

function world(keepMs = 10_000) {
  const state = { number: 100, asked: [] as string[], fail: false, announced: true, keepMs };
  const end = new SharedEnd(
    {
      label: 'test',
      failOver: () => {},
      send: async <T>(method: string, params: readonly unknown[]): Promise<T> => {
        state.asked.push(`${method} ${JSON.stringify(params)}`);
        if (state.fail) throw new Error('down');
        if (method !== 'eth_getBlockByNumber') return [] as T;
        const number = params[0] === 'latest' ? state.number : Number(params[0]);
        if (number > state.number) return null as T;
        return { number: `0x${number.toString(16)}`, hash: `0x${number}at${state.number}` } as T;
      },
    },
    { keepMs: () => state.keepMs, announced: () => state.announced, readers: () => 5 },
  );
  const header = (tag: string) => end.send<{ hash: string } | null>('eth_getBlockByNumber', [tag, false]);
  return { state, end, header };
}

describe('SharedEnd', () => {
  it('asks once for many readers, until another head is announced', async () => {
    const { state, end, header } = world();
    await end.freshHead();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => [header('latest'), header('0x64')]).flat(),
    );
    expect(new Set(all.map((block) => block?.hash))).toEqual(new Set(['0x100at100']));
    expect(state.asked).toHaveLength(2);
    state.number = 101;
    end.forget();
    expect((await header('latest'))?.hash).toBe('0x101at101');
    expect((await header('0x64'))?.hash).toBe('0x100at101');
  });

  it('answers a question from before an announcement to nobody who asks after it', async () => {
    const { state, end, header } = world();
    await end.freshHead();
    const early = header('0x64');
    end.forget();
    state.number = 101;
    const late = header('0x64');
    expect((await early)?.hash).toBe('0x100at100');
    expect((await late)?.hash).toBe('0x100at101');
    expect((await header('0x64'))?.hash).toBe('0x100at101');
  });

  it('drops everything when the watched head is another one, announced or not', async () => {
    const { state, end, header } = world();
    await end.freshHead();
    await header('0x63');
    state.number = 99;
    await end.freshHead();
    expect((await header('0x63'))?.hash).toBe('0x99at99');
  });

  it('asks for the head each time where none is announced, and drops what belongs to another one', async () => {
    const { state, header } = world();
    state.announced = false;
    await header('latest');
    expect((await header('0x63'))?.hash).toBe('0x99at100');
    await header('0x63');
    expect(state.asked).toHaveLength(2);
    state.number = 101;
    expect((await header('latest'))?.hash).toBe('0x101at101');
    expect((await header('0x63'))?.hash).toBe('0x99at101');
  });

  it('keeps nothing that failed, is not there, lies deep, or is watched by nobody', async () => {
    const { state, end, header } = world();
    await end.freshHead();
    state.fail = true;
    await expect(header('0x64')).rejects.toThrow('down');
    state.fail = false;
    expect(await header('0x64')).not.toBeNull();
    expect(await header('0x65')).toBeNull();
    state.number = 101;
    expect(await header('0x65')).not.toBeNull();
    state.asked = [];
    await header('0x1');
    await header('0x1');
    expect(state.asked).toHaveLength(2);
    state.keepMs = 0;
    await header('latest');
    await header('latest');
    expect(state.asked).toHaveLength(4);
  });

  it('reads all logs of the newest blocks for many readers, and only of those', async () => {
    const { end } = world();
    expect(end.sharesLogs(100, 100)).toBe(false);
    await end.freshHead();
    expect(end.sharesLogs(100, 101)).toBe(true);
    expect(end.sharesLogs(90, 100)).toBe(false);
    expect(end.sharesLogs(10, 11)).toBe(false);
  });
});
