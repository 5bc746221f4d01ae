import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINE_LIMITS, LineBuffer } from './line-buffer.ts';

const limits = { lineBytes: 64, blockLines: 5, blockBytes: 200 };
const bytes = (text: string) => Buffer.byteLength(text);

function logged(texts: readonly string[], buffer = new LineBuffer(limits)): string[] {
  for (const text of texts) buffer.add('info', text, 'handle', 'Source');
  return buffer.take().map(({ text }) => text);
}

test('whatever is logged, lines are whole or cut between characters, within the bounds, and none is lost unsaid', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom('a', 'é', '漢', '𝄞'), maxLength: 100 }),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 9 }), (texts) => {
      const lines = logged(texts);
      const note = /^more lines of this block are left out, it logs more than is kept: (\d+)$/;
      const omitted = note.exec(lines.at(-1) ?? '')?.[1];
      const kept = omitted === undefined ? lines : lines.slice(0, -1);
      expect(kept.length + Number(omitted ?? 0)).toBe(texts.length);
      expect(kept.length).toBeLessThanOrEqual(limits.blockLines);
      expect(bytes(kept.slice(0, -1).join(''))).toBeLessThan(limits.blockBytes);
      if (omitted !== undefined)
        expect(kept.length === limits.blockLines || bytes(kept.join('')) >= limits.blockBytes).toBe(true);
      for (const [index, line] of kept.entries()) {
        const whole = texts[index] as string;
        if (bytes(whole) <= limits.lineBytes) {
          expect(line).toBe(whole);
          continue;
        }
        expect(bytes(line)).toBeLessThanOrEqual(limits.lineBytes);
        // No more is cut off than a character that does not fit.
        expect(bytes(line)).toBeGreaterThan(limits.lineBytes - 4);
        expect(line.endsWith('…') && whole.startsWith(line.slice(0, -1))).toBe(true);
      }
    }),
  );
});

test('a text of megabytes is cut, and what a mapping usually logs is not', () => {
  const buffer = new LineBuffer();
  buffer.add('debug', '漢'.repeat(5_000_000), 'handle', 'Source');
  buffer.add('debug', 'x'.repeat(LINE_LIMITS.lineBytes), 'handle', 'Source');
  const [long, fitting] = buffer.take();
  expect(bytes(long?.text ?? '')).toBeLessThanOrEqual(LINE_LIMITS.lineBytes);
  expect(fitting?.text).toBe('x'.repeat(LINE_LIMITS.lineBytes));
});

test('a block begins anew, one that is run again does not', () => {
  const buffer = new LineBuffer({ ...limits, blockLines: 2 });
  buffer.begin(false);
  expect(logged(['a', 'b'], buffer)).toEqual(['a', 'b']);
  buffer.begin(true);
  expect(logged(['c'], buffer)).toEqual([expect.stringMatching(/left out.*: 1$/)]);
  buffer.begin(false);
  expect(logged(['d'], buffer)).toEqual(['d']);
  expect(buffer.take()).toEqual([]);
});
