import pg from 'pg';
import type { Finding } from '../admin/finding.js';
import type { ExaminedVariables } from '../config.js';
import { type RunStatement, rowReader } from '../platform/database/rows.js';

/** How long anything that is asked may take to answer. */
export const patienceMs = 5_000;

/** Variables as they are read, each by itself. */
export type Variables = ExaminedVariables['variables'];

export function ok(check: string, says: string): Finding {
  return { check, state: 'OK', says, advice: null };
}

export function skipped(check: string, says: string): Finding {
  return { check, state: 'SKIPPED', says, advice: null };
}

export function warning(check: string, says: string, advice: string): Finding {
  return { check, state: 'WARNING', says, advice };
}

export function wrong(check: string, says: string, advice: string): Finding {
  return { check, state: 'WRONG', says, advice };
}

/** A client that waits no longer than `patienceMs` for anything. */
export function newClient(connectionString: string): pg.Client {
  const client = new pg.Client({
    connectionString,
    application_name: 'perpetua-flow doctor',
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  // What breaks now is said by the statement that fails.
  client.on('error', () => undefined);
  return client;
}

/** Runs statements on one connection, for as long as `use` takes. @throws when there is none */
export async function withConnection<T>(url: string, use: (runStatement: RunStatement) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'perpetua-flow doctor',
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  pool.on('error', () => undefined);
  try {
    return await use(rowReader(pool));
  } finally {
    await pool.end();
  }
}

/** @throws Error when it does not come to its end in time */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1_000} s`)), patienceMs);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Characters of a reason: others say what they like. */
const maxReason = 300;

/** What went wrong, in a line. An error of `fetch` has the reason within. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? reasonOf(error.cause)
    : error.message.replaceAll(/\s+/g, ' ').slice(0, maxReason);
}
