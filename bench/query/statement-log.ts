// The statements that one operation sends to PostgreSQL, read from the server's own log: what the floor repeats through pg alone.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

export interface LoggedStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

const PREFIX = '<<%a>> ';

async function configure(pool: pg.Pool, logged: 'all' | 'none'): Promise<void> {
  await pool.query(`alter system set log_line_prefix = '${PREFIX}'`);
  await pool.query(`alter system set log_statement = '${logged}'`);
  await pool.query('select pg_reload_conf()');
  // Backends take it up at their next statement, this one too.
  for (;;) {
    const { rows } = await pool.query<{ log_statement: string }>('show log_statement');
    if (rows[0]?.log_statement === logged) return;
    await delay(10);
  }
}

/** Runs `operation` and returns what `application` (a prefix of its name) sent meanwhile. */
export async function statementsOf(
  options: { readonly pool: pg.Pool; readonly logFile: string; readonly application: string },
  operation: () => Promise<unknown>,
): Promise<LoggedStatement[]> {
  const { pool, logFile, application } = options;
  await configure(pool, 'all');
  // Backends reload when they are next spoken to: the second run is logged whole.
  await operation();
  const start = readFileSync(logFile, 'utf8').length;
  await operation();
  await configure(pool, 'none');
  return parseLog(readFileSync(logFile, 'utf8').slice(start), application);
}

/** Statements in a log with our prefix, each with its parameters. */
export function parseLog(log: string, application: string): LoggedStatement[] {
  const entries = log.split(/^(?=<<)/m).flatMap((entry) => {
    const match = /^<<([^>]*)>> (LOG|DETAIL): {2}([\s\S]*)$/.exec(entry);
    return match?.[1]?.startsWith(application) ? [{ level: match[2], text: (match[3] ?? '').trimEnd() }] : [];
  });
  const statements: LoggedStatement[] = [];
  entries.forEach(({ level, text }, index) => {
    const sql = level === 'LOG' ? /^(?:execute [^:]+|statement): ([\s\S]*)$/.exec(text)?.[1] : undefined;
    if (sql === undefined) return;
    const next = entries[index + 1];
    const values: (string | null)[] = [];
    if (next?.level === 'DETAIL') {
      for (const [, , quoted] of next.text.matchAll(/\$(\d+) = (?:'((?:[^']|'')*)'|NULL)/g)) {
        values.push(quoted === undefined ? null : quoted.replaceAll("''", "'"));
      }
    }
    statements.push({ text: sql.replaceAll('\n\t', '\n'), values });
  });
  return statements;
}
