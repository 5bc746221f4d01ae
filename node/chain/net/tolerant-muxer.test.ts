import './promise-with-resolvers.ts';
import { expect, it } from 'vitest';
import { tolerantYamux } from './tolerant-muxer.ts';

it('opens streams on a connection that can be written to no more, without throwing where nobody could catch it', async () => {
  const thrown: unknown[] = [];
  const note = (error: unknown) => void thrown.push(error);
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  let sent = 0;
  const log = Object.assign(() => {}, {
    trace: () => {},
    error: () => {},
    enabled: false,
    newScope: () => log,
  });
  const connection = Object.assign(new EventTarget(), {
    direction: 'outbound',
    log,
    send: () => {
      sent++;
      throw new Error('Cannot write to a stream that is closed');
    },
  });
  const muxer = tolerantYamux({ enableKeepAlive: false })().createStreamMuxer(connection as never);
  const stream = await muxer.createStream();
  // The stream announces itself in a microtask of its own.
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sent).toBeGreaterThan(0);
  expect(thrown).toEqual([]);
  stream.abort(new Error('done'));
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});
