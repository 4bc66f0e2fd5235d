import { setTimeout as pause } from 'node:timers/promises';
import type { Tier } from '../../entities/auth/user.js';
import { lockNotAvailable, type RunStatement, sqlStateOf } from '../platform/database/rows.js';
import { Busy } from '../platform/turns.js';
import { type Context, runStatement as runOutside } from './context.js';
import { AppError } from './errors.js';
import type { LockedAccount } from './unit.js';

/** An account under its lock, and the number of its newest event. */
interface OpenedAccount extends LockedAccount {
  readonly head: number;
}

/** Takes an account's lock in the transaction behind `runStatement`. @throws AccountBusy, UNAVAILABLE */
export type TakeLock = (runStatement: RunStatement) => Promise<OpenedAccount>;

/** Somebody else holds the account's lock. */
class AccountBusy extends Busy {}

/** Milliseconds between two looks at a lock that another process holds, at random. */
const [minPauseMs, maxPauseMs] = [10, 60];

/** Takes the lock if nobody has it. @throws AccountBusy; also when there is no such account */
export function lockIfFree(id: string): TakeLock {
  return async (runStatement) => {
    const account = await findAndLock(runStatement, id, 'for update of s skip locked for share of u skip locked');
    if (!account) throw new AccountBusy();
    return account;
  };
}

/** Waits for the lock on the transaction's connection. @throws UNAVAILABLE when it is not had in time */
function lockWithin(id: string, timeoutMs: number): TakeLock {
  return async (runStatement) => {
    await runStatement("select set_config('lock_timeout', $1, true)", [`${timeoutMs}ms`]);
    try {
      const account = await findAndLock(runStatement, id, 'for update of s for share of u');
      if (!account) throw noAccount();
      await runStatement('set local lock_timeout to default', []);
      return account;
    } catch (error) {
      throw sqlStateOf(error) === lockNotAvailable ? new Busy() : error;
    }
  };
}

/**
 * Makes `attempt` with the account's lock. While another process has that, a few accounts of this one wait for it on
 * connections, in the order in which the database hands it out; those beyond give theirs back and look again now and
 * then. So accounts that are locked for long, however many, leave the pool to the others.
 * @param deadline by `performance.now()`
 * @throws UNAVAILABLE when the lock is not had in time, UNAUTHENTICATED when there is no such account
 */
export async function withLock<T>(
  ctx: Context,
  id: string,
  deadline: number,
  attempt: (lock: TakeLock) => Promise<T>,
): Promise<T> {
  let done = await unlessBusy(attempt(lockIfFree(id)));
  if (!done) await requireAccount(ctx, id);
  while (!done) {
    const leftMs = Math.ceil(deadline - performance.now());
    if (leftMs <= 0) throw new Busy();
    const waited = ctx.services.lockWaiters.takeIfFree('', () => attempt(lockWithin(id, leftMs)));
    done = await unlessBusy(waited ?? attempt(lockIfFree(id)));
    if (!done) await pause(minPauseMs + Math.random() * (maxPauseMs - minPauseMs));
  }
  return done.result;
}

async function unlessBusy<T>(attempt: Promise<T>): Promise<{ readonly result: T } | null> {
  try {
    return { result: await attempt };
  } catch (error) {
    if (error instanceof AccountBusy) return null;
    throw error;
  }
}

/** A token may outlive its account. */
async function requireAccount(ctx: Context, id: string): Promise<void> {
  const rows = await runOutside(ctx, 'select from activity.stream where user_id = $1', [id]);
  if (rows.length === 0) throw noAccount();
}

function noAccount(): AppError {
  return new AppError('UNAUTHENTICATED', 'This account does not exist.');
}

/** The user's row is locked too, so that what whoever had the lock before did to the tier is seen. */
async function findAndLock(runStatement: RunStatement, id: string, lock: string): Promise<OpenedAccount | null> {
  const [row] = await runStatement<{ tier: Tier; head: string }>(
    `select u.tier, s.head from activity.stream s join auth.user u on u.id = s.user_id where s.user_id = $1 ${lock}`,
    [id],
  );
  return row ? { id, tier: row.tier, head: Number(row.head) } : null;
}
