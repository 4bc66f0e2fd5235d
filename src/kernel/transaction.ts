import type { EntityManager } from '@mikro-orm/postgresql';
import { Tier } from '../../entities/accounts/account.js';
import { stoppedAt } from '../platform/clock.js';
import type { OpenTransaction } from '../platform/database/transactions.js';
import { Busy, type Patience, requestPatience } from '../platform/keyed-semaphore.js';
import { isUnavailable, logFailure } from '../platform/unavailable.js';
import { lockIfFree, type TakeLock, withLock } from './account-lock.js';
import { type Context, type DetachedContext, outlivesOperation, requireAccount, type Tx } from './context.js';
import { AppError } from './errors.js';
import { inSavepoint, isDeadlock } from './savepoint.js';
import { RunAgain, UnitOfWork } from './unit-of-work.js';

/** The doorbell topic of an account's events. */
export function accountTopic(accountId: string): string {
  return `account:${accountId}`;
}

/**
 * Runs `work` in one transaction that holds the lock of the context's account: commits rows, events and jobs together,
 * or none of them; then rings the doorbell. Within an open transaction it is a savepoint: a failure undoes only `work`.
 * Nothing outside PostgreSQL may be awaited in `work`, and its clock stands still: it happens at one moment. It may run
 * again when it has failed, so it changes nothing outside of the transaction.
 * @throws UNAVAILABLE when the account's lock is not had in time; UNAUTHENTICATED for the user of a closed account
 */
export async function transaction<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  const accountId = requireAccount(ctx);
  if (isTx(ctx)) return savepoint(ctx, work, accountId);
  if (ctx.unit) throw new Error('What works with rows only opens no transaction.');
  return ctx.services.accountSemaphore.run(accountId, lockPatience, (deadline) =>
    withLock(ctx, accountId, deadline, (lock) => withDeadlockRetry(ctx, lock, work)),
  );
}

/**
 * The wait for an account's lock, that for its turn within this process included: short when nothing gets done, as the
 * lock of a process that hangs is not had soon; longer when there are only many writes before this one.
 */
const lockPatience = requestPatience;
/** The same for what can as well be done later. */
const shortPatience: Patience = { idleMs: 500 };
/** The wait for a connection, on which all accounts make progress. */
const connectionPatience: Patience = { idleMs: 3_000 };

/** The same, unless somebody else is writing for the account right now: then it does nothing and answers null. */
export async function transactionIfFree<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T | null> {
  const accountId = requireAccount(ctx);
  try {
    return await ctx.services.accountSemaphore.run(accountId, shortPatience, () =>
      withDeadlockRetry(ctx, lockIfFree(ctx.services.accounts, accountId), work),
    );
  } catch (error) {
    if (error instanceof Busy) return null;
    throw error;
  }
}

/** The same for an account that this very transaction creates: nobody else can know it yet, so nothing is locked. */
export function transactionOfNewAccount<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  const accountId = requireAccount(ctx);
  return withDeadlockRetry(ctx, async () => ({ id: accountId, plan: Tier.FREE, isClosed: false, head: 0 }), work);
}

function isTx(ctx: Context): ctx is Tx {
  return ctx.unit !== null && 'entities' in ctx;
}

/** Tries of a transaction that PostgreSQL ended to resolve a deadlock; each has left nothing behind. */
const maxTries = 3;

async function withDeadlockRetry<T>(ctx: Context, lock: TakeLock, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tryOnce = (isOptimistic: boolean) =>
    ctx.services.writerSemaphore.run('', connectionPatience, () => runOnce(ctx, lock, work, isOptimistic));
  for (let tries = 1; ; tries += 1) {
    try {
      return await optimisticFirst(tryOnce);
    } catch (error) {
      if (tries === maxTries || !isDeadlock(error)) throw error;
    }
  }
}

/**
 * Most transactions meet no error of the database's and no part that fails, so they run without savepoints and do not
 * wait for what nobody needs; one that does runs once more with both.
 */
async function optimisticFirst<T>(tryOnce: (isOptimistic: boolean) => Promise<T>): Promise<T> {
  try {
    return await tryOnce(true);
  } catch (error) {
    if (!(error instanceof RunAgain)) throw error;
  }
  return tryOnce(false);
}

async function runOnce<T>(
  ctx: Context,
  lock: TakeLock,
  work: (tx: Tx) => Promise<T>,
  isOptimistic: boolean,
): Promise<T> {
  const transaction = await ctx.services.openTransaction();
  let result: T;
  let unit: UnitOfWork<DetachedContext> | null = null;
  try {
    const { head, ...account } = await lock(transaction.runStatement);
    if (account.isClosed) refuseUser(ctx);
    unit = new UnitOfWork(account, transaction, head, isOptimistic);
    const tx = { ...ctx, unit, clock: stoppedAt(ctx.clock.now()), loaders: new Map(), ...lazyEntities(unit) };
    result = await work(tx);
    await tx.flush();
    await transaction.commit(Promise.all([unit.sent, writeEvents(tx)]));
  } catch (error) {
    throw await rolledBack(ctx, transaction, unit?.failure ?? unit?.deadlock ?? error);
  }
  ctx.loaders.clear();
  const { topics, acts } = unit.onCommit;
  ctx.services.notifyBridge.ring(topics);
  for (const act of acts) act(detached(ctx));
  return result;
}

/** What was on its way when an account was closed comes too late. @throws UNAUTHENTICATED */
function refuseUser({ actor }: Context): void {
  if (actor?.kind === 'PERSON' || actor?.kind === 'API_KEY')
    throw new AppError('UNAUTHENTICATED', 'This account is closed. Sign in to keep it.');
}

/**
 * Rolls back; answers why it was needed. When that fails as well, the connection is gone: the transaction does not run
 * again, since that would only make its caller wait for longer.
 */
async function rolledBack(ctx: Context, transaction: OpenTransaction, error: unknown): Promise<unknown> {
  try {
    await transaction.rollback();
    return error;
  } catch (failed) {
    if (!isUnavailable(failed)) logFailure(ctx.log, failed, {}, 'a rollback failed');
    return error instanceof RunAgain ? error.cause : error;
  }
}

/** Most work with rows alone: an entity manager is made for whoever asks. */
function lazyEntities({ transaction }: UnitOfWork<DetachedContext>): Pick<Tx, 'entities' | 'flush'> {
  let em: EntityManager | null = null;
  return {
    entities: () => {
      em ??= transaction.newEntityManager();
      return em;
    },
    flush: async () => em?.flush(),
  };
}

/** From the context that the outermost transaction was opened with, which is in none itself. */
function detached({
  actor,
  accountId,
  source,
  clock,
  providers,
  requestId,
  client,
  log,
  services,
}: Context): DetachedContext {
  return {
    actor,
    accountId,
    source,
    clock,
    providers,
    requestId,
    client,
    log,
    services,
    signal: new AbortController().signal,
    socket: null,
    follows: false,
    unit: null,
    begun: null,
    learnt: null,
    loaders: new Map(),
    [outlivesOperation]: true,
  };
}

/** With an entity manager that knows nothing yet: what a refused one has changed must not be written by the next. */
async function savepoint<T>(outer: Tx, work: (tx: Tx) => Promise<T>, accountId: string): Promise<T> {
  if (outer.unit.account.id !== accountId) throw new Error('A transaction writes for one account.');
  const { unit } = outer;
  await unit.settle();
  return optimisticFirst((isOptimistic) =>
    inSavepoint(outer, async () => {
      // Once it was disappointed, it stays cautious: what comes next may fail as well.
      unit.isOptimistic &&= isOptimistic;
      const tx = { ...outer, loaders: new Map(), ...lazyEntities(unit) };
      try {
        const result = await work(tx);
        await tx.flush();
        // What fails is this savepoint's to undo, and not the fault of whatever is read behind it.
        await unit.settle();
        return result;
      } catch (error) {
        await unit.settle();
        throw error;
      }
    }),
  );
}

/** Right before the commit. */
async function writeEvents({ unit, requestId, services }: Tx): Promise<void> {
  const { account, head, events, runStatement } = unit;
  if (events.length === 0) return;
  unit.ring(accountTopic(account.id));
  await services.writeEvents(runStatement, { accountId: account.id, head, events, requestId });
}
