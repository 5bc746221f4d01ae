// `npm run replay -- --runs 100`: records runs in one agent host, replays them in another, and compares digests; then changes a byte of
// code, of input or of an answer, after which the digest must differ or the replay must say where it left the log.
import { createHash } from 'node:crypto';
import { createAgentRuntime } from '#node/agents/runtime/agent-runtime.ts';
import { isReproducible, runDigest } from '#node/agents/runtime/digest.ts';
import { type LoggedCall, replay } from '#node/agents/runtime/replay.ts';
import type { AgentCode, Json, RunOutcome, RunRequest } from '#node/agents/runtime/runtime.ts';
import { requestOf } from '#node/agents/runtime/testing/requests.ts';
import { AiosError } from '#node/platform/errors.ts';
import { REPLAY_AGENTS, type ReplayAgent, world } from './agents/replay-agents.ts';

const at = process.argv.indexOf('--runs');
const runs = at > 0 ? Number(process.argv[at + 1]) : 100;
if (!Number.isSafeInteger(runs) || runs < 1) {
  console.error('--runs is a whole number of runs for each language, such as --runs 100');
  process.exit(2);
}

/** Runs checked at a time. */
const IN_FLIGHT = 2;
const recording = createAgentRuntime({ lanes: IN_FLIGHT, python: { warm: 1 } });
const replaying = createAgentRuntime({ lanes: IN_FLIGHT, python: { warm: 1 } });

interface Tally {
  runs: number;
  equal: number;
  changes: number;
  noticed: number;
  calls: number;
  readonly engines: Set<string>;
}

const tallies = new Map<string, Tally>();

/** What a replay comes to: its digest, or the error that says where it left the log. */
async function end(request: RunRequest, calls: readonly LoggedCall[]): Promise<string> {
  try {
    return runDigest(request, await replay(replaying, request, calls));
  } catch (error) {
    if (error instanceof AiosError && error.code === 'REPLAY_DIVERGED') return error.code;
    throw error;
  }
}

function changedInput(input: Json): Json {
  const text = JSON.stringify(input);
  // The last letter inside a string, one further in the alphabet.
  const place = text.search(/[a-y](?=[^a-z]*$)/);
  return JSON.parse(
    text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) + 1) + text.slice(place + 1),
  ) as Json;
}

/** One character of one answer is another. */
function changedAnswers(outcome: RunOutcome, turn: number): LoggedCall[] {
  const chosen = turn % outcome.calls.length;
  return outcome.calls.map(({ call, answer }, index) => {
    if (index !== chosen) return { call, answer };
    if ('error' in answer)
      return { call, answer: { error: { ...answer.error, code: `${answer.error.code}S` } } };
    return { call, answer: { ok: { ...(answer.ok as Record<string, Json>), price: 99.5 } } };
  });
}

async function check(agent: ReplayAgent, turn: number, tally: Tally): Promise<void> {
  const seed = createHash('sha256').update(`${agent.name} ${turn}`).digest('hex');
  const base = requestOf(agent.code, agent.input(turn));
  const request: RunRequest = { ...base, seed, startedAt: base.startedAt + turn * 86_400_123 };
  const recorded = await recording.run(request, { call: async (call) => world(call, turn) });
  if (!isReproducible(recorded))
    throw new AiosError('REPLAY_BROKEN', `${agent.name} ended with ${recorded.error?.message}`);
  const digest = runDigest(request, recorded);
  tally.runs += 1;
  tally.calls += recorded.calls.length;
  tally.engines.add(recorded.engine);
  if ((await end(request, recorded.calls)) === digest) tally.equal += 1;
  const withCode = (code: AgentCode): RunRequest => ({ ...request, code });
  const changes = [
    () => end(withCode(agent.changedCode), recorded.calls),
    () => end({ ...request, input: changedInput(request.input) }, recorded.calls),
    () => end(request, changedAnswers(recorded, turn)),
  ];
  const chosen = agent.language === 'python' ? changes.slice(turn % 3, (turn % 3) + 1) : changes;
  const ends: string[] = [];
  for (const change of chosen) ends.push(await change());
  tally.changes += ends.length;
  tally.noticed += ends.filter((reached) => reached !== digest).length;
}

try {
  await Promise.all([recording.start(), replaying.start()]);
  for (const language of new Set(REPLAY_AGENTS.map((agent) => agent.language))) {
    const agents = REPLAY_AGENTS.filter((agent) => agent.language === language);
    const tally: Tally = { runs: 0, equal: 0, changes: 0, noticed: 0, calls: 0, engines: new Set() };
    tallies.set(language, tally);
    const began = performance.now();
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let turn = next++; turn < runs; turn = next++) {
        const agent = agents[turn % agents.length];
        if (agent) await check(agent, turn, tally);
        if (language === 'python' && (turn + 1) % 25 === 0)
          console.log(`  ${turn + 1} of ${runs} after ${((performance.now() - began) / 1000).toFixed(0)} s`);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    console.log(
      `${language.padEnd(10)} ${tally.equal}/${tally.runs} equal digests, ${tally.noticed}/${tally.changes} changes of one byte noticed, ${tally.calls} calls ${((performance.now() - began) / 1000).toFixed(1)} s (${[...tally.engines].join(', ')})`,
    );
  }
} finally {
  await Promise.all([recording.close(), replaying.close()]);
}
const failed = [...tallies.values()].some(
  ({ runs: of, equal, changes, noticed }) => equal < of || noticed < changes,
);
process.exit(failed ? 1 : 0);
