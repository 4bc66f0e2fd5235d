import { isNativeError } from 'node:util/types';
import type pg from 'pg';
import { errorCodeOf } from '../error-code.js';

/** Runs one statement with `$1` placeholders and answers its rows. */
export type RunStatement = <Row extends object>(text: string, values: readonly unknown[]) => Promise<Row[]>;

/** Reads plain rows on any free connection of the pool; connections prepare what comes again. */
export function rowReader(pool: pg.Pool): RunStatement {
  return async <Row extends object>(text: string, values: readonly unknown[]) => {
    const { rows } = await pool.query<Row>(text, [...values]);
    return rows;
  };
}

/** PostgreSQL's code for what went wrong (SQLSTATE), from the driver or through the mapper; null when it is none. */
export function sqlStateOf(error: unknown): string | null {
  return errorCodeOf(error);
}

/**
 * Whether the database said that it is a standby, which takes no writes and has no unlogged tables: a failover happened,
 * or a new connection would lead to the primary.
 */
export function saysItIsStandby(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === '25006') return true;
  // The code says only that a feature is not supported, and the text is translated.
  return state === '0A000' && isNativeError(error) && 'routine' in error && error.routine === 'get_relation_info';
}

/** SQLSTATE of what a role may not do. */
export const insufficientPrivilege = '42501';
/** SQLSTATE of a lock that was not had in time. */
export const lockNotAvailable = '55P03';
