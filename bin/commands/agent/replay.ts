// `aios agent replay`: runs a recorded run again, at the endpoint or on this machine, and compares digests.
import type { AiosClient } from '#node/agents/client/index.ts';
import { createAgentRuntime } from '#node/agents/runtime/agent-runtime.ts';
import { dim, green, red } from '../../cli/screen.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { type LocalReplay, replayHere } from './local-replay.ts';
import { idOf } from './show-run.ts';
import { stage } from './stage.ts';

export interface ReplayOptions extends ConnectionOptions {
  readonly local?: boolean;
  readonly json?: boolean;
}

type Verdict = Omit<LocalReplay, 'calls' | 'engine'> & { readonly run: string; readonly where: string };

export async function replayRun(runId: string, options: ReplayOptions): Promise<void> {
  const id = idOf(runId, 'RUN');
  const client = await stage(
    'sign in',
    options.json,
    () => connect(options),
    ({ did }) => did,
  );
  const verdict = options.local ? await here(client, id, options) : await there(client, id, options);
  if (options.json) process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
  else {
    const lines = [
      `${verdict.equal ? green('equal') : red('different')}: run ${id} replayed ${verdict.where}`,
      `  recorded  ${verdict.recorded}`,
      `  computed  ${verdict.computed ?? dim('none: it did not come to an end')}`,
    ];
    if (verdict.parted) lines.push(`${red('parted at')} ${verdict.parted}`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  process.exitCode = verdict.equal ? 0 : 1;
}

async function there(client: AiosClient, id: string, { json }: ReplayOptions): Promise<Verdict> {
  return stage('replay', json, async () => {
    const started = await client.replay(id);
    const again = await client.ended(started.id);
    const { digest } = await client.find(id);
    return {
      run: id,
      where: `by the endpoint (run ${again.id})`,
      equal: again.digestMatches === true,
      recorded: digest ?? '',
      computed: again.digest,
      ...(again.digestMatches === true
        ? {}
        : {
            parted: again.error
              ? `${again.error.code}: ${again.error.message}`
              : 'its result: aios agent replay --local tells where',
          }),
    };
  });
}

async function here(client: AiosClient, id: string, { json }: ReplayOptions): Promise<Verdict> {
  const recording = await stage(
    'fetch',
    json,
    () => client.recording(id),
    ({ version, steps }) => `${version?.cid ?? 'no package'}, ${steps.length} answers`,
  );
  return stage('run here', json, async () => {
    const runtime = createAgentRuntime({ lanes: 1 });
    try {
      const { equal, recorded, computed, parted, engine } = await replayHere(runtime, recording);
      return {
        run: id,
        where: `on this machine with ${engine}`,
        equal,
        recorded,
        computed,
        ...(parted === undefined ? {} : { parted }),
      };
    } finally {
      await runtime.close();
    }
  });
}
