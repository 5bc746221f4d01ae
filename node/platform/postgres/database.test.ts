import { expect, it } from 'vitest';
import { createTestDatabase } from '../testing/postgres.ts';
import { createPool } from './database.ts';

it('a connection that breaks while it is lent out fails its next statement, not the process', async () => {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.url, name: 'lent', max: 1 });
  try {
    const client = await pool.connect();
    await client.query('begin');
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    // The break is told as an event; with nobody listening it would be an uncaught exception, and this test would fail by it.
    await ended;
    await expect(client.query('select 1')).rejects.toThrow();
    client.release();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  } finally {
    await pool.end();
    await database.close();
  }
});
