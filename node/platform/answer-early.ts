// Ending an answer that was given before the request's body had been read, so that the client gets to see it.
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is read and thrown away at most, so that a client that never ends is cut off after all. */
const mostBytes = 64 * 1024 * 1024;
const mostMs = 10_000;

/**
 * Writes the whole answer and ends it when the client has sent its body, which is read but not kept. A connection closed
 * at once would be reset, and a client that is still writing then sees a broken pipe instead of why it was refused.
 * The headers, `content-length` among them, have been written.
 */
export function answerEarly(request: IncomingMessage, response: ServerResponse, text: string): void {
  if (request.complete || request.destroyed) {
    response.end(text);
    return;
  }
  response.write(text);
  let read = 0;
  const end = () => {
    clearTimeout(timer);
    request.off('data', onData).off('end', end).off('close', end);
    response.end();
  };
  const onData = (chunk: Buffer) => {
    read += chunk.length;
    if (read > mostBytes) end();
  };
  const timer = setTimeout(end, mostMs);
  timer.unref();
  request.on('data', onData).once('end', end).once('close', end).resume();
}
