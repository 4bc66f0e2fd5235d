import { isNativeError } from 'node:util/types';
import { AppError } from '../kernel/errors.js';
import { isStalePlan } from './database/prepared.js';
import { saysItIsStandby, sqlStateOf } from './database/rows.js';
import type { FailureLog } from './log.js';

/**
 * PostgreSQL's codes for what passes by itself, classes by their first two characters: connections (08), resources such
 * as connections or memory (53), a server that stops, starts or ends sessions and statements (57P, 57014), locks not had
 * in time (55P03), deadlocks and conflicts that outlived our retries (40), sessions and transactions that it ended for
 * being idle or too long (25P03, 25P04). Not what somebody must look into before it
 * passes: a disk or a file that fails (58), corrupt data (XX), limits that a statement of ours exceeds (54).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passing = /^(08|53|57P|40)|^(57014|55P03|25P03|25P04)$/;

/** Node's codes for a connection that was not to be had, or broke. */
const network: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
]);

/** What the drivers say without a code; the last three when this very process ends meanwhile. https://github.com/brianc/node-postgres */
const words = [
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
  'Database connection is not opened',
];

/**
 * PostgreSQL's word for what ends a session, or does not let it begin: a role or a database that is closed for
 * maintenance is away, whatever its code is.
 */
const fatal = 'FATAL';

/** Seconds after which a client may try again. */
const retryAfter = 1;

/** The refusal of what cannot be done for now, without a fault of ours or the client's. */
export function unavailable(message: string, options?: ErrorOptions): AppError {
  return new AppError('UNAVAILABLE', message, { retryAfter }, options);
}

/**
 * An error as the rest of the code may judge it, whichever realm made it, since Node's own may be of
 * another than ours: a database or a provider that is away is UNAVAILABLE.
 */
export function orUnavailable(error: unknown): unknown {
  const isAway = isNativeError(error) && !(error instanceof AppError) && passes(error);
  return isAway ? unavailable('Something that this needs is away or busy. Try again.', { cause: error }) : error;
}

/** Whether an error passes by itself. */
export function isUnavailable(error: unknown): boolean {
  return whyUnavailable(error) !== null;
}

function passes(error: Error): boolean {
  const code = sqlStateOf(error);
  if (code !== null && (passing.test(code) || network.has(code))) return true;
  if ('severity' in error && error.severity === fatal) return true;
  if (isStalePlan(error) || saysItIsStandby(error)) return true;
  // The mapper writes the statement before the driver's words.
  if (words.some((each) => error.message.endsWith(each))) return true;
  // What a connection to several addresses failed with, an AggregateError.
  if ('errors' in error && Array.isArray(error.errors))
    return error.errors.some((each) => isNativeError(each) && passes(each));
  return isNativeError(error.cause) && passes(error.cause);
}

/**
 * Logs why something was not done: what can be expected (a refusal, a lock not had, a lost connection, a provider that is
 * away) as a warning in a line, and a fault of ours as an error with its stack.
 */
export function logFailure(log: FailureLog, error: unknown, fields: object, message: string): void {
  const judged = orUnavailable(error);
  if (judged instanceof AppError && judged.code !== 'INTERNAL') {
    log.warn({ ...fields, code: judged.code, reason: reasonOf(judged) }, message);
  } else {
    log.error({ ...fields, error }, message);
  }
}

/** Why something is away, in a line; null for an error that is another. */
export function whyUnavailable(error: unknown): string | null {
  const judged = orUnavailable(error);
  return judged instanceof AppError && judged.code === 'UNAVAILABLE' ? reasonOf(judged) : null;
}

/** UTF-16 code units of a reason: providers say what they like. */
const maxReasonLength = 1_000;

/** What happened, without the statement that the mapper puts before it. */
function reasonOf({ message, cause }: Error): string {
  const reason = isNativeError(cause) ? (cause.message.split(' - ').at(-1) ?? message) : message;
  return reason.slice(0, maxReasonLength);
}
