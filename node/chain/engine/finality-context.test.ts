import { describe, expect, it } from 'vitest';
import type { Link } from '../types/vote.ts';
import { genesisContext, LATE_EPOCHS, withCertificate } from './finality-context.ts';

const id = (name: string) => Buffer.from(name).toString('hex').padEnd(64, '0');
const genesis = genesisContext(id('genesis'), id('root'));
const link = (from: number, to: number): Link => ({
  source: { epoch: from, block: from === 0 ? id('genesis') : id(`block ${from}`) },
  target: { epoch: to, block: id(`block ${to}`) },
  stateRoot: id(`root ${to}`),
});
const knowing = (...links: readonly (readonly [number, number])[]) =>
  links.reduce((context, [from, to]) => withCertificate(context, link(from, to), 0b111n), genesis);

describe('what a block knows to be final', () => {
  it('is what a link of adjacent epochs starts from, with the root that was voted for', () => {
    const context = knowing([0, 1], [1, 2], [2, 3]);
    expect(context.finalized).toEqual({ epoch: 2, block: id('block 2'), stateRoot: id('root 2') });
    expect(context.justified.map(({ epoch }) => epoch)).toEqual([2, 3]);
  });

  it('does not move over epochs that were skipped, until two adjacent ones are justified', () => {
    expect(knowing([0, 1], [1, 3]).finalized.epoch).toBe(0);
    expect(knowing([0, 1], [1, 3], [3, 4]).finalized.epoch).toBe(3);
  });

  it('ignores what does not start from a justified checkpoint, or from one before the final one', () => {
    expect(knowing([1, 2])).toBe(genesis);
    const context = knowing([0, 1], [1, 2], [2, 3]);
    expect(withCertificate(context, link(0, 5), 0b111n)).toBe(context);
  });

  it('takes more signers of a known link, and is unchanged by as many or fewer', () => {
    const context = knowing([0, 1]);
    expect(withCertificate(context, link(0, 1), 0b011n)).toBe(context);
    const more = withCertificate(context, link(0, 1), 0b1000n);
    expect([...more.signed.values()]).toEqual([{ epoch: 1, signers: 0b1111n }]);
    expect(more.justified).toEqual(context.justified);
  });

  it('remembers signers of the last epochs alone', () => {
    let context = genesis;
    for (let epoch = 1; epoch <= 20; epoch++) context = withCertificate(context, link(epoch - 1, epoch), 1n);
    expect(context.signed.size).toBe(LATE_EPOCHS + 1);
  });
});
