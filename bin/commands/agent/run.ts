// `aios agent run` and `aios agent logs`: starts a run, follows it, and tells what came of it.
import { readFileSync } from 'node:fs';
import type { AiosClient, Json } from '#node/agents/client/index.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { bold, dim } from '../../cli/screen.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { eventLine, exitCodeOf, idOf, runReport } from './show-run.ts';
import { stage } from './stage.ts';

export interface RunOptions extends ConnectionOptions {
  readonly input?: string;
  readonly follow?: boolean;
  readonly wait: boolean;
  readonly attempts?: string;
  readonly json?: boolean;
}

export interface LogsOptions extends ConnectionOptions {
  readonly follow?: boolean;
  readonly after?: string;
  readonly json?: boolean;
}

/** How long nothing may come until all that has happened so far has been read. */
const QUIET_MS = 700;

/** JSON, or `@` and the file it is in, `@-` for standard input. @throws AiosError INPUT_UNREADABLE */
export function readInput(text: string | undefined): Json {
  if (text === undefined) return null;
  let json = text;
  if (text.startsWith('@')) {
    try {
      json = readFileSync(text === '@-' ? 0 : text.slice(1), 'utf8');
    } catch (error) {
      throw new AiosError(
        'INPUT_UNREADABLE',
        `${text.slice(1)} cannot be read (${messageOf(error)}): --input takes JSON, or @ and a file of it.`,
      );
    }
  }
  try {
    return JSON.parse(json) as Json;
  } catch (error) {
    throw new AiosError(
      'INPUT_UNREADABLE',
      `--input is no JSON (${messageOf(error)}): write it as '{"sku": "PEAR"}', or as @file.json.`,
    );
  }
}

export async function run(deployment: string, options: RunOptions): Promise<void> {
  const deploymentId = idOf(deployment, 'DEPLOYMENT');
  const input = readInput(options.input);
  const attempts = options.attempts === undefined ? 1 : Number(options.attempts);
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 10)
    throw new AiosError(
      'ATTEMPTS_INVALID',
      `--attempts is a whole number from 1 to 10, not "${options.attempts}".`,
    );
  const client = await connect(options);
  const started = await client.run(deploymentId, input, { maxAttempts: attempts });
  if (!options.wait) {
    if (options.json) process.stdout.write(`${JSON.stringify(started, null, 2)}\n`);
    else
      process.stdout.write(
        `started run ${bold(started.id)}\n\nNext:\n  ${bold(`aios agent logs ${started.id} --follow`)}\n`,
      );
    return;
  }
  if (options.follow) await print(client, started.id, options);
  else
    await stage(`run ${started.id}`, options.json, async (say) => {
      for await (const { kind, data } of client.events(started.id)) {
        if (kind === 'step' && data?.status === 'waiting')
          say(`waits for ${String(data.capability)} (step ${String(data.step)})`);
        else if (kind !== 'finished') say(kind);
      }
    });
  const ended = await client.ended(started.id);
  // With --follow and --json the last line is the run.
  if (options.json) process.stdout.write(`${JSON.stringify(ended, null, options.follow ? undefined : 2)}\n`);
  else process.stdout.write(runReport(ended));
  process.exitCode = exitCodeOf(ended);
}

export async function logs(runId: string, options: LogsOptions): Promise<void> {
  const id = idOf(runId, 'RUN');
  const client = await connect(options);
  // A run that is not there, or not the caller's, is told before a stream is opened.
  await client.find(id);
  await print(client, id, options);
}

/** Prints events as they come: until the run has ended, or, without `follow`, until all so far has been read. */
async function print(
  client: AiosClient,
  runId: string,
  { follow, after, json }: { readonly follow?: boolean; readonly after?: string; readonly json?: boolean },
): Promise<void> {
  const over = new AbortController();
  const quiet = follow ? undefined : setTimeout(() => over.abort(), 10 * QUIET_MS);
  let ended = false;
  const onReconnect = () => {
    if (!json)
      process.stderr.write(`${dim('the connection is lost; trying again, nothing will be missing')}\n`);
  };
  for await (const event of client.events(runId, { after, signal: over.signal, onReconnect })) {
    if (quiet) {
      clearTimeout(quiet);
      setTimeout(() => over.abort(), QUIET_MS).unref();
    }
    ended = event.kind === 'finished';
    process.stdout.write(json ? `${JSON.stringify(event)}\n` : `${eventLine(event)}\n`);
  }
  clearTimeout(quiet);
  if (!ended && !json)
    process.stdout.write(`${dim(`run ${runId} has not ended: aios agent logs ${runId} --follow goes on`)}\n`);
}
