import { z } from 'zod';
import { Reminder } from '../../../entities/tasks/reminder.js';
import { Subtask } from '../../../entities/tasks/subtask.js';
import { Task } from '../../../entities/tasks/task.js';
import { runStatement, type Tx } from '../../kernel/context.js';
import { rowsWithout } from '../../kernel/rows.js';
import { TaskContent } from '../task-content.js';

const taskRows = rowsWithout(Task, []);
const subtaskRows = rowsWithout(Subtask, []);
const reminderRows = rowsWithout(Reminder, []);

/** A task with its subtasks and reminders, as they are stored at a moment. */
export type TaskSnapshot = z.infer<typeof TaskContent>;

/** Reads a task as it is stored, what the transaction has changed of it included; null when it is gone. */
export async function readSnapshot(tx: Tx, taskId: string): Promise<TaskSnapshot | null> {
  await tx.flush();
  const values = [tx.unit.account.id, taskId];
  const [[task], subtasks, reminders] = await Promise.all([
    runStatement(tx, `select ${taskRows.columns} from tasks.task where account_id = $1 and id = $2`, values),
    runStatement(
      tx,
      `select ${subtaskRows.columns} from tasks.subtask where account_id = $1 and task_id = $2 order by position`,
      values,
    ),
    runStatement(
      tx,
      `select ${reminderRows.columns} from tasks.reminder where account_id = $1 and task_id = $2 order by id`,
      values,
    ),
  ]);
  return task ? TaskContent.parse({ task, subtasks, reminders }) : null;
}
