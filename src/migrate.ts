import pg from 'pg';
import { queueJobs } from '../jobs/index.js';
import { ConfigError, type ConfigOf } from './config.js';
import { grantToApp, quotedRole } from './grants.js';
import { insufficientPrivilege, lockNotAvailable, sqlStateOf } from './platform/database/rows.js';
import { Queue } from './platform/queue/queue.js';
import { openDatabaseToMigrate, refuseReplacedMigrations, requireDirect } from './services.js';

/** One lock for everybody who migrates: two at once come one after the other, and the second finds nothing to do. */
const advisoryLock = 7_203_113;

/**
 * Brings the database to what the code needs: our migrations, the queue's tables, and the settings that the code
 * relies on, and what the processes' role may do. Safe to run twice and by two at once. Answers the migrations that it applied.
 * @throws ConfigError when a pooler stands in the way, or the address is not the owner's
 */
export async function migrate(config: ConfigOf<'migrate'>): Promise<string[]> {
  await requireDirect(config);
  const client = new pg.Client({ connectionString: config.MIGRATE_URL, connectionTimeoutMillis: 10_000 });
  await client.connect();
  const orm = openDatabaseToMigrate(config);
  try {
    // Whoever migrates before takes as long as it takes.
    await client.query('set lock_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    await relyOnSettings(client, await databaseOf(client));
    // What could not be granted afterwards is not begun.
    if (config.DATABASE_APP_ROLE) await quotedRole(client, config.DATABASE_APP_ROLE);
    await refuseReplacedMigrations(async (text) => (await client.query(text)).rows);
    const applied = await orm.migrator.up();
    await Queue.migrate(
      config.MIGRATE_URL,
      queueJobs.map(({ queue }) => queue),
    );
    if (config.DATABASE_APP_ROLE) {
      await grantToApp(client, config.DATABASE_APP_ROLE, { movableClock: config.NODE_ENV !== 'production' });
    }
    return applied.map(({ name }) => name);
  } catch (error) {
    throw explained(config, error);
  } finally {
    await orm.close(true);
    await client.end();
  }
}

/** What whoever migrates can do about it is said instead. */
function explained(config: ConfigOf<'migrate'>, error: unknown): unknown {
  switch (sqlStateOf(error)) {
    case insufficientPrivilege:
      return notOwner(config, error);
    case lockNotAvailable:
      return new ConfigError(
        'A table stayed locked for longer than 3 s. Stop what still uses the database, then migrate again; nothing was changed by the migration that waited.',
        { cause: error },
      );
    default:
      return error;
  }
}

/** The likeliest is that the processes' address stands in for the owner's, which was forgotten. */
function notOwner({ MIGRATE_URL, DIRECT_URL }: ConfigOf<'migrate'>, cause: unknown): ConfigError {
  const given =
    MIGRATE_URL === DIRECT_URL ? 'it is not set, or leads where DIRECT_URL does' : 'its role may not do this';
  return new ConfigError(
    `MIGRATE_URL: must be the address of the role that owns the database and its tables; ${given}`,
    {
      cause,
    },
  );
}

/** Settings of the database that the code relies on. @see relyOnSettings */
export const reliedSettings: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  lock_timeout: '3s',
  idle_in_transaction_session_timeout: '5s',
  client_connection_check_interval: '5s',
};

/**
 * Sets what the code relies on: rows are read as text in UTC; a prepared statement is planned once, and one that was
 * planned on empty tables does not scan them when they have grown, where an index serves; no lock is waited for longer
 * than a client would; a transaction that a frozen process left open ends, and so does a statement that nobody waits for
 * any more. Settings of the database, because poolers pass none on; a copy of a database has none of them.
 */
export async function relyOnSettings(client: Pick<pg.Pool, 'query'>, database: string): Promise<void> {
  const statements = Object.entries(reliedSettings).map(
    ([setting, value]) => `alter database ${pg.escapeIdentifier(database)} set ${setting} = '${value}'`,
  );
  await client.query(statements.join(';'));
}

async function databaseOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  return rows[0]?.name ?? '';
}
