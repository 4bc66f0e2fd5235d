import { eventually, type Harness, withClient } from './harness.js';

/** Of the lock that everybody waits for who is about to write something. */
const stopKey = 7_203_114;

/**
 * Makes a process wait in the database, and kills it once it has `stopped`, which answers the ids of the backends that wait
 * for it there.
 */
type Use = (stopped: () => Promise<readonly number[]>) => Promise<void>;

/**
 * Stops whoever is about to write something. Once they are killed the statement goes on, as the database does not know yet:
 * what is not committed by then is undone. Answers when nothing of them is left.
 * @param write `insert on billing.credit_hold`, and behind it a condition of the row: `when (…)`
 */
export async function stoppedBefore(world: Harness, write: string, use: Use): Promise<void> {
  const [statement, condition = ''] = write.split(/(?= when )/);
  await world.sql(
    `create function public.stop() returns trigger language plpgsql as $$
     begin
       perform pg_advisory_xact_lock(${stopKey});
       return new;
     end;
     $$`,
  );
  await world.sql(`create trigger stop before ${statement} for each row ${condition} execute function public.stop()`);
  await whileHeld(world, `select pg_advisory_xact_lock(${stopKey})`, use);
}

/** The same for whoever is about to read a table. */
export function stoppedReading(world: Harness, table: string, use: Use): Promise<void> {
  return whileHeld(world, `lock table ${table} in access exclusive mode`, use);
}

async function whileHeld(world: Harness, lock: string, use: Use): Promise<void> {
  await withClient(world.config.MIGRATE_URL, async (holder) => {
    const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
    await holder.query(`begin; ${lock}`);
    const waiting = async () =>
      (
        await world.sql<{ pid: number }>('select pid from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [
          rows[0]?.pid,
        ])
      ).map(({ pid }) => pid);
    await use(() => eventually(waiting, (pids) => pids.length > 0));
    const dead = await waiting();
    await holder.query('rollback');
    await eventually(
      () => world.sql('select from pg_stat_activity where pid = any($1)', [dead]),
      (left) => left.length === 0,
    );
  });
}
