import { setTimeout as pause } from 'node:timers/promises';
import { lockNotAvailable, type RunStatement, sqlStateOf } from '../platform/database/rows.js';
import { Busy } from '../platform/keyed-semaphore.js';
import type { Context } from './context.js';
import { AppError } from './errors.js';
import type { AccountStore, LockedAccount } from './unit-of-work.js';

/** Takes an account's lock in the transaction behind `runStatement`. @throws AccountBusy, UNAVAILABLE */
export type TakeLock = (runStatement: RunStatement) => Promise<LockedAccount>;

/** Somebody else holds the account's lock. */
class AccountBusy extends Busy {}

/** Milliseconds between two looks at a lock that another process holds, at random. */
const [minPauseMs, maxPauseMs] = [10, 60];

/** Takes the lock if nobody has it. @throws AccountBusy; also when there is no such account */
export function lockIfFree(accounts: AccountStore, id: string): TakeLock {
  return async (runStatement) => {
    const account = await accounts.lockIfFree(runStatement, id);
    if (!account) throw new AccountBusy();
    return account;
  };
}

/** Waits for the lock on the transaction's connection. @throws UNAVAILABLE when it is not had in time */
function lockWithin(accounts: AccountStore, id: string, timeoutMs: number): TakeLock {
  return async (runStatement) => {
    await runStatement("select set_config('lock_timeout', $1, true)", [`${timeoutMs}ms`]);
    try {
      const account = await accounts.lock(runStatement, id);
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
  const { accounts, lockWaiterSemaphore, runStatement } = ctx.services;
  let done = await unlessBusy(attempt(lockIfFree(accounts, id)));
  // A token may outlive its account.
  if (!done && !(await accounts.exists(runStatement, id))) throw noAccount();
  while (!done) {
    const leftMs = Math.ceil(deadline - performance.now());
    if (leftMs <= 0) throw new Busy();
    const waited = lockWaiterSemaphore.tryRun('', () => attempt(lockWithin(accounts, id, leftMs)));
    done = await unlessBusy(waited ?? attempt(lockIfFree(accounts, id)));
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

function noAccount(): AppError {
  return new AppError('UNAUTHENTICATED', 'This account does not exist.');
}
