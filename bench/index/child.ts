// Child processes of the benchmark: their output is kept for the message when they end too early.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export class BenchChild {
  readonly #child: ChildProcess;
  readonly #name: string;
  #tail = '';

  constructor(
    name: string,
    command: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly folder: string },
  ) {
    this.#name = name;
    this.#child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(options.folder, 'output.log'));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        log.write(chunk);
        this.#tail = (this.#tail + chunk.toString()).slice(-3_000);
      });
    this.#child.once('exit', () => log.end());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Polls until the check answers true. @throws Error with the end of the output when the process ends first */
  async until(check: () => Promise<boolean>, everyMs = 100): Promise<void> {
    while (!(await check())) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(
          `${this.#name} ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${this.#tail}`,
        );
      await delay(everyMs);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }
}

/** JSON of a URL; undefined while nobody answers there. */
export async function ask<T>(url: string, body?: unknown): Promise<T | undefined> {
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) return undefined;
    const text = await response.text();
    return (text === '' ? {} : JSON.parse(text)) as T;
  } catch {
    return undefined;
  }
}
