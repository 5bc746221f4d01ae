// Frames come out as they went in, however the pipe cuts them; lengths that nobody sends are refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME, FrameReader, frame, headed, readHeaded } from './frames.ts';

test('frames survive any cutting', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 255 }), fc.uint8Array({ maxLength: 40 })), {
        maxLength: 8,
      }),
      fc.infiniteStream(fc.integer({ min: 1, max: 17 })),
      (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(([kind, contents]) => frame(kind, contents)));
        const received: [number, Uint8Array][] = [];
        const reader = new FrameReader((kind, contents) => received.push([kind, Uint8Array.from(contents)]));
        for (let at = 0; at < bytes.length; ) {
          const end = at + (cuts.next().value as number);
          reader.push(bytes.subarray(at, end));
          at = end;
        }
        expect(received).toEqual(frames);
      },
    ),
  );
});

test('a head comes off its bytes', () => {
  const bytes = frame(FRAME.outcome, ...headed({ gas: 1, text: 'ü' }), Uint8Array.of(7, 8));
  const { head, rest } = readHeaded<{ gas: number }>(bytes.subarray(5));
  expect(head).toEqual({ gas: 1, text: 'ü' });
  expect([...rest]).toEqual([7, 8]);
});

test('a length beyond every limit is refused before it is waited for', () => {
  const reader = new FrameReader(() => undefined);
  expect(() => reader.push(Buffer.from([0xff, 0xff, 0xff, 0xff, FRAME.call]))).toThrow(
    /a frame of 4294967295 bytes/,
  );
});
