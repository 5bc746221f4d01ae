// Runs as the command shows them: an event a line, and what came of it.
import type { AgentRun, RunEvent } from '#node/agents/client/index.ts';
import { AiosError } from '#node/platform/errors.ts';
import { bold, cyan, dim, green, red } from '../../cli/screen.ts';

const text = (value: unknown): string => String(value ?? '');
const grouped = (value: unknown): string => Number(value).toLocaleString('en-US');

function told({ kind, data }: RunEvent): string {
  const facts = data ?? {};
  switch (kind) {
    case 'queued':
      return text(facts.trigger);
    case 'started':
      return `attempt ${Number(facts.attempt ?? 0) + 1}${facts.resumed === true ? ', resumed' : ''}`;
    case 'log': {
      const level = text(facts.level);
      const line = text(facts.text);
      return level === 'info' ? line : level === 'error' ? red(`error ${line}`) : `${dim(level)} ${line}`;
    }
    case 'step': {
      const status = text(facts.status);
      const mark = status === 'refused' ? red(`refused: ${text(facts.code)}`) : dim(status);
      return `${text(facts.step)} ${cyan(text(facts.capability))} ${mark}`;
    }
    case 'retry':
      return `attempt ${Number(facts.attempt ?? 0) + 1} at ${text(facts.dueAt)} after ${text(facts.code)}`;
    case 'finished': {
      const status = text(facts.status);
      const end = status === 'completed' ? green(status) : red(`${status} ${text(facts.code)}`.trim());
      return `${end} ${dim(`gas ${grouped(facts.gas)}`)}`;
    }
    default:
      return JSON.stringify(facts);
  }
}

/** One line of an event: local time, kind, facts. */
export function eventLine(event: RunEvent): string {
  const at = new Date(event.at);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return `${dim(clock)}  ${event.kind.padEnd(8)}  ${told(event)}`;
}

/** What a run came to, in a few lines; its output by itself, so that it can be copied. */
export function runReport(run: AgentRun): string {
  const well = run.status === 'COMPLETED';
  const facts = [
    `gas ${grouped(run.gas)}`,
    `memory ${(Number(run.memoryBytes) / 2 ** 20).toFixed(1)} MB`,
    `${run.wallMs.toFixed(0)} ms`,
    ...(run.cost === '0' ? [] : [`paid ${grouped(run.cost)}`]),
  ].join(', ');
  const lines = [`${(well ? green : red)(run.status.toLowerCase())} run ${bold(run.id)}  ${dim(facts)}`];
  if (run.digest) lines.push(dim(`digest ${run.digest}`));
  if (run.error) lines.push(`${red(run.error.code)} ${run.error.message}`);
  if (run.error?.stack) lines.push(dim(run.error.stack.trimEnd()));
  if (well) lines.push(JSON.stringify(run.output, null, 2));
  return `${lines.join('\n')}\n`;
}

/** Exit code of a command about a run. */
export const exitCodeOf = (run: AgentRun): number => (run.status === 'COMPLETED' ? 0 : 1);

/** An id of the endpoint. @throws AiosError ID_INVALID */
export function idOf(value: string, what: string): string {
  if (/^\d{1,18}$/.test(value)) return value;
  throw new AiosError('ID_INVALID', `${what} is a number, not "${value}".`);
}
