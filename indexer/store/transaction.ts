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
    await client.query('begin');
    const result = await work(client);
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
