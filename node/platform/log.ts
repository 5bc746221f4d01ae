// Structured logs. One root logger a process; every room takes a child of it and never writes to the console itself.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';

export type Logger = pino.Logger;

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** A file's path, or undefined for standard output. */
  readonly file?: string;
  /** Fields on every line, such as the process's roles. */
  readonly base?: Readonly<Record<string, unknown>>;
}

/** Secrets never reach a log line, wherever a caller puts them. */
const redact = {
  paths: [
    '*.password',
    '*.secret',
    '*.accessToken',
    '*.refreshToken',
    '*.authorization',
    '*.privateKey',
    'headers.authorization',
    'headers.cookie',
  ],
  censor: '[redacted]',
};

export function createLogger(options: LogOptions): Logger {
  if (options.file) mkdirSync(dirname(options.file), { recursive: true });
  const destination = pino.destination({ dest: options.file ?? 1, sync: false });
  return pino(
    { level: options.level, base: { ...options.base }, redact, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
}

/** For tests and tools that have nobody to log to. */
export const silentLogger: Logger = pino({ level: 'silent' });
