import { Task } from '../../../entities/tasks/task.js';
import { record } from '../../activity/index.js';
import { runStatement, sendStatement, type Tx } from '../../kernel/context.js';
import { entityOf } from '../../kernel/rows.js';
import { taskDeleted } from '../events.js';
import { TaskContent } from '../task-content.js';
import { makeRetriesDue } from '../templates/continue-series.js';
import { readSnapshot, type TaskSnapshot } from './task-snapshot.js';
import { differences, fieldNames, inTheWay, isUsers } from './undo-change.js';

/**
 * What the user has done with a task that was made: every column counts, the order of its subtasks, and time that is being
 * spent on it.
 */
export async function changesSince(tx: Tx, made: TaskSnapshot, current: TaskSnapshot): Promise<string[]> {
  const [focus] = await runStatement(
    tx,
    'select id from tasks.focus_session where account_id = $1 and task_id = $2 limit 1',
    [made.task.accountId, made.task.id],
  );
  const columns = Object.entries(made.task).filter(([name, value]) => {
    const now: unknown = Reflect.get(current.task, name);
    return JSON.stringify(now) !== JSON.stringify(value);
  });
  const orderOf = ({ subtasks }: TaskSnapshot) => subtasks.map(({ id }) => id).join(' ');
  const isReordered = orderOf(made) !== orderOf(current);
  const names = [
    ...new Set([
      ...columns.map(([name]) => name),
      ...fieldNames(differences(made, current).filter(isUsers(made, current))),
      ...(isReordered ? ['subtasks'] : []),
      ...(focus ? ['focusSeconds'] : []),
    ]),
  ].filter((name) => name !== 'updatedAt' && name !== 'newestVersion');
  const others = names.filter((name) => name !== 'version');
  return others.length > 0 ? others : names;
}

/** Takes back a task that was made, unless its user has changed it since. @throws CONFLICT with `fields` */
export async function undoCreation(tx: Tx, kept: unknown): Promise<void> {
  const made = TaskContent.parse(kept);
  const current = await readSnapshot(tx, made.task.id);
  if (!current) throw inTheWay(['deleted']);
  const since = await changesSince(tx, made, current);
  if (since.length > 0) throw inTheWay(since);
  await sendStatement(tx, 'delete from tasks.task where account_id = $1 and id = $2', [
    tx.unit.account.id,
    made.task.id,
  ]);
  await record(tx, taskDeleted(entityOf(Task, current.task), null));
  await makeRetriesDue(tx);
}
