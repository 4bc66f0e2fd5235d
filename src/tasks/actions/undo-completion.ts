import { z } from 'zod';
import { Task } from '../../../entities/tasks/task.js';
import { record } from '../../activity/index.js';
import { runStatement, sendStatement, type Tx } from '../../kernel/context.js';
import { entityOf } from '../../kernel/rows.js';
import { taskDeleted } from '../events.js';
import { TaskContent } from '../task-content.js';
import type { TaskRow } from '../task-rows.js';
import { makeRetriesDue } from '../templates/continue-series.js';
import { readSnapshot, type TaskSnapshot } from './task-snapshot.js';
import { ChangedTask, undoChange } from './undo-change.js';
import { changesSince } from './undo-creation.js';

const Completed = ChangedTask.extend({
  /** The newest task of the series before; null for a one-off. */
  newestBefore: z.uuid().nullable(),
  /** The newest task of the series behind it. */
  next: TaskContent.nullable(),
});

/** The newest task that the series of a task has made, which may have been deleted; null for a one-off. */
export async function readNewestId(tx: Tx, { templateId }: Pick<TaskRow, 'templateId'>): Promise<string | null> {
  if (templateId === null) return null;
  const [series] = await runStatement<{ id: string | null }>(
    tx,
    'select newest_task_id as id from tasks.task_template where account_id = $1 and id = $2',
    [tx.unit.account.id, templateId],
  );
  return series?.id ?? null;
}

/** The same as it is stored; null where it is gone, too. */
export async function readNext(tx: Tx, task: Pick<TaskRow, 'templateId'>): Promise<TaskSnapshot | null> {
  const id = await readNewestId(tx, task);
  return id === null ? null : readSnapshot(tx, id);
}

/**
 * Opens a task again that was completed, and takes back the next one that this has made, unless its user has changed it.
 * What the completion earned stays, as where a task is reopened. @throws CONFLICT with `fields`
 */
export async function undoCompletion(tx: Tx, kept: unknown): Promise<void> {
  const { newestBefore, next } = Completed.parse(kept);
  await undoChange(tx, kept);
  if (next && next.task.id !== newestBefore) await takeBackNext(tx, next, newestBefore);
}

async function takeBackNext(tx: Tx, next: TaskSnapshot, newestBefore: string | null): Promise<void> {
  const current = await readSnapshot(tx, next.task.id);
  if (!current || (await changesSince(tx, next, current)).length > 0) return;
  const { accountId, id, templateId } = next.task;
  await sendStatement(
    tx,
    `with task as (delete from tasks.task where account_id = $1 and id = $2),
       occurrence as (delete from tasks.occurrence where account_id = $1 and template_id = $3 and task_id = $2)
     update tasks.task_template set newest_task_id = $4 where account_id = $1 and id = $3 and newest_task_id = $2`,
    [accountId, id, templateId, newestBefore],
  );
  await record(tx, taskDeleted(entityOf(Task, current.task), null));
  await makeRetriesDue(tx);
}
