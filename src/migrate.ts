import pg from 'pg';
import { queueJobs } from '../jobs/index.js';
import type { Config } from './config.js';
import { Queue } from './platform/queue/queue.js';
import { openDatabase } from './services.js';

/** One lock for everybody who migrates: two at once come one after the other, and the second finds nothing to do. */
const advisoryLock = 7_203_113;

/**
 * Brings the database to what the code needs: our migrations, the queue's tables, and the settings that the code
 * relies on. Safe to run twice and by two at once. Answers the migrations that it applied.
 */
export async function migrate(config: Config): Promise<string[]> {
  const client = new pg.Client({ connectionString: config.DIRECT_URL, connectionTimeoutMillis: 10_000 });
  await client.connect();
  const orm = openDatabase(config, config.DIRECT_URL);
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    await relyOnSettings(client);
    const applied = await orm.migrator.up();
    await Queue.migrate(
      config.DIRECT_URL,
      queueJobs.map(({ queue }) => queue),
    );
    return applied.map(({ name }) => name);
  } finally {
    await orm.close(true);
    await client.end();
  }
}

/**
 * Rows are read as text in UTC; a prepared statement is planned once; a transaction that a dead process left open ends.
 * Settings of the database, because poolers pass none on.
 */
async function relyOnSettings(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  const settings = {
    timezone: 'UTC',
    plan_cache_mode: 'force_generic_plan',
    idle_in_transaction_session_timeout: '60s',
  };
  for (const [setting, value] of Object.entries(settings)) {
    await client.query(`alter database ${rows[0]?.name} set ${setting} = '${value}'`);
  }
}
