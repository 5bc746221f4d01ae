// Reads a request's body up to a limit, whatever its headers promise.
import type { IncomingMessage } from 'node:http';
import { AiosError } from '#node/platform/errors.ts';

function tooLarge(limit: number): AiosError {
  return new AiosError(
    'BODY_TOO_LARGE',
    `maxBodyBytes exceeded: the request body may have ${limit} bytes; send large values apart, or as variables of several operations`,
    { details: { limit: 'maxBodyBytes', allowed: limit } },
  );
}

/** @throws AiosError `BODY_TOO_LARGE`; the rest of the body is then not read. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) throw tooLarge(limit);
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (act: () => void) => {
      request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      act();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) done(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const onEnd = () =>
      done(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const onError = (error: Error) => done(() => reject(error));
    const onClose = () =>
      done(() =>
        reject(new AiosError('BODY_INCOMPLETE', 'the connection closed before the body was complete')),
      );
    request.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}
