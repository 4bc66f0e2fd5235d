import { Source } from '../../../entities/activity/event.js';
import { record } from '../../activity/index.js';
import { achievementUnlocked } from '../../events/achievements.js';
import { afterCommit, load, logFailure, type RowTx, runStatement } from '../../kernel/context.js';
import { minuteMs } from '../../kernel/days.js';
import { AppError } from '../../kernel/errors.js';
import { subscribe } from '../../kernel/events.js';
import { savepointOfRows } from '../../kernel/savepoint.js';
import { RunAgain } from '../../kernel/unit-of-work.js';
import { instanceFailed } from '../events.js';
import { type TaskRow, unsafeTasksById } from '../task-rows.js';
import { makeInstance, nextOccurrence } from './make-instance.js';
import type { Series } from './series.js';

/** Minutes between two tries at most. */
const maxWaitMinutes = 15;

/** What comes after a task of a series. */
export interface Continuation {
  /** The next task of the series; null when there is none, or not yet. */
  readonly nextInstance: TaskRow | null;
  /** Why the next task is not there yet, for its user; null when nothing is waited for. */
  readonly nextInstanceWaiting: string | null;
}

/** After a one-off, a series that has ended, or one that is paused. */
export const nothingNext: Continuation = { nextInstance: null, nextInstanceWaiting: null };

/**
 * The next task of a recurring one that has just been completed: made in a savepoint of its own, so that when that
 * fails, the completion stands and a job tries again. A later one that is open already (the task was completed before,
 * and opened again) is the next one. @param series as it is since; null for a one-off
 */
export async function continueSeries(tx: RowTx, series: Series | null): Promise<Continuation> {
  return series ? goOn(tx, series) : nothingNext;
}

/** The same for a task that has just been deleted, of a series as it was before: that skips an occurrence. */
export function skipInstance(tx: RowTx, before: Series, deletedId: string): Promise<Continuation> {
  const nextId = before.nextId === deletedId ? null : before.nextId;
  return goOn(tx, { ...before, nextId, taskCount: before.taskCount - 1 });
}

async function goOn(tx: RowTx, series: Series): Promise<Continuation> {
  if (!series.active) return nothingNext;
  if (!series.nextId) return tryNextInstance(tx, series);
  return { nextInstance: await load(tx, unsafeTasksById, series.nextId), nextInstanceWaiting: null };
}

/** Makes a template's next task, or notes when to try again. */
export async function tryNextInstance(tx: RowTx, series: Series): Promise<Continuation> {
  let nextInstance: TaskRow | null = null;
  try {
    // That there is no room is found ahead of the savepoint: a series may wait for room for long.
    const occurrence = await nextOccurrence(tx, series);
    if (occurrence) {
      await savepointOfRows({ ...tx, source: Source.SYSTEM }, async (inner) => {
        nextInstance = await makeInstance(inner, series, occurrence);
      });
    }
  } catch (error) {
    if (error instanceof RunAgain) throw error;
    await tryLater(tx, series, error);
    return { nextInstance: null, nextInstanceWaiting: waitingText(error) };
  }
  if (series.failures > 0) await clearRetry(tx, series);
  return { nextInstance, nextInstanceWaiting: null };
}

function waitingText(error: unknown): string {
  if (!(error instanceof AppError)) return 'The next one is waiting: making it failed. It is tried again in a minute.';
  return `The next one is waiting until there is room: ${error.message}`;
}

async function tryLater(tx: RowTx, series: Series, error: unknown): Promise<void> {
  const isRefused = error instanceof AppError;
  if (!isRefused)
    afterCommit(tx, () => logFailure(tx.log, error, { templateId: series.id }, 'the next instance was not made'));
  const waitMinutes = Math.min(2 ** series.failures, maxWaitMinutes);
  const retryAt = new Date(tx.clock.now().getTime() + waitMinutes * minuteMs);
  await runStatement(
    tx,
    'update tasks.task_template set retry_at = $2, failures = $3 where account_id = $4 and id = $1',
    [series.id, retryAt, series.failures + 1, series.accountId],
  );
  // Said once, not at every try.
  if (series.failures === 0) await record(tx, instanceFailed(series, isRefused ? error.code : 'INTERNAL'));
}

/** There is nothing to try again: it has succeeded, or is not needed. */
export async function clearRetry(tx: RowTx, { id, accountId }: Series): Promise<void> {
  await runStatement(
    tx,
    'update tasks.task_template set retry_at = null, failures = 0 where account_id = $1 and id = $2',
    [accountId, id],
  );
}

/** There is room again: what could not be made for want of it is tried at the next look. */
export async function makeRetriesDue(tx: RowTx): Promise<void> {
  await runStatement(tx, 'update tasks.task_template set retry_at = $2 where account_id = $1 and retry_at > $2', [
    tx.unit.account.id,
    tx.clock.now(),
  ]);
}

/** Earning an achievement may make room, too. */
export const retryWithRoom = subscribe(achievementUnlocked, 'tasks.retry-series', makeRetriesDue);
