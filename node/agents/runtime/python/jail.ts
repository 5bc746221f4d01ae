// Starts the jailed process: what it may do is decided here, on its command line, before any of its code runs.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { AiosError } from '#node/platform/errors.ts';

/** Bytes of the interpreter's JavaScript objects; its own memory is counted apart. */
const OLD_SPACE_MB = 128;
const STDERR_BYTES = 4_000;
const SNAPSHOT_MS = 300_000;

/** `--permission` since Node 22.13 and 23.5, before that behind an experimental name. */
export function permissionFlag(version: string): string {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const stable = major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13);
  return stable ? '--permission' : '--experimental-permission';
}

export interface Jailed {
  readonly process: ChildProcess;
  readonly socket: Duplex;
  /** The last of what the process wrote to its standard error: why it did not start. */
  stderr(): string;
}

export function startJailed(folder: string, mode: 'serve' | 'snapshot'): Jailed {
  const child = spawn(
    process.execPath,
    [
      permissionFlag(process.version),
      `--allow-fs-read=${join(folder, '*')}`,
      '--disallow-code-generation-from-strings',
      `--max-old-space-size=${OLD_SPACE_MB}`,
      // Four threads that compile side by side cost a third more than one, and a guest runs on none of them.
      '--v8-pool-size=1',
      '--no-warnings',
      join(folder, 'child.mjs'),
      mode,
    ],
    { cwd: folder, env: {}, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_BYTES);
  });
  const socket = child.stdio[3] as Duplex;
  // A killed child resets its socket; its exit says the rest.
  socket.on('error', () => undefined);
  return { process: child, socket, stderr: () => stderr };
}

/** Boots the interpreter in the jail and takes the picture of its memory. */
export async function makeSnapshot(folder: string): Promise<Uint8Array> {
  const jailed = startJailed(folder, 'snapshot');
  const chunks: Buffer[] = [];
  jailed.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const timer = setTimeout(() => jailed.process.kill('SIGKILL'), SNAPSHOT_MS);
  await new Promise<void>((resolve) => jailed.process.once('close', () => resolve()));
  clearTimeout(timer);
  const all = Buffer.concat(chunks);
  if (all.length < 4 || all.length !== 4 + all.readUInt32LE(0)) {
    throw new AiosError(
      'PYTHON_ENGINE_INCOMPLETE',
      `the Python interpreter did not boot in its jail (Node ${process.version}): ${jailed.stderr().trim() || 'it said nothing'}`,
    );
  }
  return all.subarray(4);
}
