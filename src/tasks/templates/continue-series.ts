import { Source } from '../../../entities/activity/event.js';
import { record } from '../../activity/index.js';
import { load, type RowTx, runStatement } from '../../context.js';
import { AppError } from '../../errors.js';
import { savepointOfRows } from '../../transaction.js';
import { instanceFailed } from '../events.js';
import { type TaskRow, unsafeTasksById } from '../task-rows.js';
import { makeNextInstance } from './make-instance.js';
import { nextIdOf, readSeries, type Series } from './series.js';

const minuteMs = 60_000;
/** Minutes between two tries at most. */
const longestWait = 15;

/** A task that has just been completed. */
interface Completed {
  readonly templateId: string | null;
}

/**
 * The next task of a recurring one that has just been completed: made in a savepoint of its own, so that when that
 * fails, the completion stands and a job tries again. A later one that is open already (the task was completed before,
 * and opened again) is the next one. Null when there is none to make.
 */
export async function continueSeries(tx: RowTx, { templateId }: Completed): Promise<TaskRow | null> {
  const series = templateId === null ? null : await readSeries(tx, templateId);
  if (!series?.active) return null;
  const nextId = nextIdOf(series);
  return nextId ? load(tx, unsafeTasksById, nextId) : tryNextInstance(tx, series);
}

/** Makes a template's next task, or notes when to try again. */
async function tryNextInstance(tx: RowTx, series: Series): Promise<TaskRow | null> {
  let next: TaskRow | null = null;
  try {
    await savepointOfRows({ ...tx, source: Source.SYSTEM }, async (inner) => {
      next = await makeNextInstance(inner, series);
    });
  } catch (error) {
    await tryLater(tx, series, error);
    return null;
  }
  if (series.failures > 0) await noteSuccess(tx, series);
  return next;
}

async function tryLater(tx: RowTx, series: Series, error: unknown): Promise<void> {
  const isRefused = error instanceof AppError;
  if (!isRefused) tx.log.error({ error, templateId: series.id }, 'the next instance was not made');
  const waitMinutes = Math.min(2 ** series.failures, longestWait);
  const retryAt = new Date(tx.clock.now().getTime() + waitMinutes * minuteMs);
  const { subtasks, reminders } = series;
  await runStatement(tx, 'update tasks.task_template set retry_at = $2, failures = $3, carried = $4 where id = $1', [
    series.id,
    retryAt,
    series.failures + 1,
    // The task that they are of may be deleted before the next one is made.
    JSON.stringify({ subtasks, reminders }),
  ]);
  // Said once, not at every try.
  if (series.failures === 0) await record(tx, instanceFailed(series, isRefused ? error.code : 'INTERNAL'));
}

/** Tries again what has failed, with what the task before had then: it may have been deleted since. */
export function tryAgain(tx: RowTx, series: Series): Promise<TaskRow | null> {
  return tryNextInstance(tx, { ...series, ...series.carried });
}

/** There is nothing to try again: it has succeeded, or is not needed. */
export async function noteSuccess(tx: RowTx, { id }: Series): Promise<void> {
  await runStatement(tx, 'update tasks.task_template set retry_at = null, failures = 0, carried = null where id = $1', [
    id,
  ]);
}

/** There is room again: what could not be made for want of it is tried at the next look. */
export async function retrySoon(tx: RowTx): Promise<void> {
  await runStatement(tx, 'update tasks.task_template set retry_at = $2 where user_id = $1 and retry_at > $2', [
    tx.unit.account.id,
    tx.clock.now(),
  ]);
}
