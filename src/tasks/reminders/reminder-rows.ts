import { Reminder } from '../../../entities/tasks/reminder.js';
import { type Context, readByIds, requireAccount, runStatement } from '../../kernel/context.js';
import { groupedBy, type RowIn, rowsWithout } from '../../kernel/rows.js';

const reminderRows = rowsWithout(Reminder, ['templateReminderId']);

/** A reminder as reads see it. */
export type ReminderRow = RowIn<typeof reminderRows>;

/** Reminders by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeRemindersById(ctx: Context, ids: readonly string[]): Promise<(ReminderRow | null)[]> {
  return readByIds<ReminderRow>(
    ctx,
    `select ${reminderRows.columns} from tasks.reminder where id = any($1::uuid[])`,
    ids,
  );
}

/** The reminders of tasks that are the caller's already, in the order of their making. */
export async function remindersByTask(ctx: Context, taskIds: readonly string[]): Promise<ReminderRow[][]> {
  const rows = await runStatement<ReminderRow>(
    ctx,
    `select ${reminderRows.columns} from tasks.reminder where account_id = $2 and task_id = any($1::uuid[]) order by created_at, id`,
    [taskIds, requireAccount(ctx)],
  );
  return groupedBy(taskIds, rows, ({ taskId }) => taskId);
}
