import type { Pool, PoolClient } from 'pg';

const lastAnswers = new WeakMap<Pool, number>();

/** Notes from now on whenever the database has answered a statement on one of a pool's connections. */
export function noteAnswers(pool: Pool): void {
  pool.on('connect', ({ connection }: PoolClient) => {
    connection.on('readyForQuery', () => lastAnswers.set(pool, performance.now()));
  });
}

/** When the database last answered a statement of a pool, by `performance.now()`. */
export function lastAnswerOf(pool: Pool): number {
  return lastAnswers.get(pool) ?? Number.NEGATIVE_INFINITY;
}
