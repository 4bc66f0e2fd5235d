import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { sqlStateOf } from './rows.js';

/** Clients of a pooler seldom meet on one connection when it is busy: so often do we look. */
const looks = 5;
/** SQLSTATEs of a name that another client prepared already, and of one that this client prepared elsewhere. */
const [duplicate, unknown] = ['42P05', '26000'];

/**
 * Whether an address leads through a pooler that hands out connections by transaction and does not track prepared
 * statements: then some of them fail. PgBouncer tracks them from 1.21 on, with `max_prepared_statements`.
 * @throws when the database cannot be reached
 */
export function losesStatements(url: string): Promise<boolean> {
  return betweenTwo(url, failsToPrepare);
}

/**
 * Whether an address leads through a pooler that hands out connections by transaction: LISTEN and session locks are
 * lost then. @throws when the database cannot be reached
 */
export function sharesSessions(url: string): Promise<boolean> {
  return betweenTwo(url, hearsForOther);
}

/** Answers what `look` sees between two clients of an address; false where there is no pooler. */
async function betweenTwo(url: string, look: (one: pg.Client, other: pg.Client) => Promise<boolean>): Promise<boolean> {
  const [one, other] = [newClient(url), newClient(url)];
  try {
    await one.connect();
    if (await isOwnBackend(one)) return false;
    await other.connect();
    for (let count = 0; count < looks; count += 1) if (await look(one, other)) return true;
    return false;
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
}

function newClient(connectionString: string): pg.Client {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  // Its statement, or the next one, fails as well.
  client.on('error', () => undefined);
  return client;
}

/** A pooler tells its clients a process number of its own making. */
async function isOwnBackend(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return Reflect.get(client, 'processID') === rows[0]?.pid;
}

async function failsToPrepare(one: pg.Client, other: pg.Client): Promise<boolean> {
  const name = randomUUID();
  try {
    await one.query({ name, text: 'select 1' });
    await other.query({ name, text: 'select 2' });
    await one.query({ name, text: 'select 1' });
    return false;
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === duplicate || state === unknown) return true;
    throw error;
  }
}

async function hearsForOther(one: pg.Client, other: pg.Client): Promise<boolean> {
  const channel = `look_${randomUUID().replaceAll('-', '')}`;
  await one.query(`listen ${channel}`);
  const { rows } = await other.query('select from pg_listening_channels() as channel where channel = $1', [channel]);
  // On whichever session it was.
  await other.query(`unlisten ${channel}`);
  await one.query(`unlisten ${channel}`);
  return rows.length > 0;
}
