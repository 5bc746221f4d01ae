// One transaction on one connection, whose failure always rolls back and never takes the process with it.
import type pg from 'pg';

/** What can run SQL: a pool, or one of its connections. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * Runs `work` in a transaction on a connection of `pool`. Whatever `work` throws rolls back and is thrown on; a connection
 * that broke, or that cannot roll back, is thrown away instead of going back to the pool.
 *
 * @throws what `work` throws, or what PostgreSQL says when the connection is lost.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Without a listener, a connection that the server ends between two queries would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    const begun = client.query('begin');
    // On a pipelined connection `work` sends its first statements along, which fail where this did.
    if (isPipelined(client)) begun.catch(() => undefined);
    else await begun;
    const result = await work(client);
    await begun;
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken ??= rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** A statement of a transaction, which is sent when this is called. */
export type Step<T = unknown> = () => Promise<T>;

const isPipelined = (client: pg.ClientBase): boolean => 'pipeline' in client && client.pipeline === true;

/**
 * Sends statements one behind the other, at once on a pipelined connection. Where one fails, PostgreSQL refuses those behind it.
 *
 * @returns what each answers
 * @throws what the first of those that failed says, once all that were sent have been answered
 */
export async function inOrder<const S extends readonly Step[]>(
  client: pg.ClientBase,
  steps: S,
): Promise<{ -readonly [At in keyof S]: S[At] extends Step<infer T> ? T : never }> {
  const sent: Promise<unknown>[] = [];
  for (const step of steps) {
    const answer = step();
    sent.push(answer);
    if (!isPipelined(client)) await answer;
  }
  await Promise.allSettled(sent);
  return Promise.all(sent) as Promise<never>;
}
