import type { Reminder } from '../../../entities/tasks/reminder.js';
import { type Context, readByIds, requireAccount, runStatement } from '../../kernel/context.js';
import { type RowOf, selectList } from '../../kernel/rows.js';

/** A reminder as reads see it. */
export type ReminderRow = Omit<RowOf<Reminder>, 'templateReminderId'>;

const columns = selectList<ReminderRow>({
  id: 'id',
  accountId: 'account_id',
  taskId: 'task_id',
  type: 'type',
  offsetMinutes: 'offset_minutes',
  method: 'method',
  scheduledFor: 'scheduled_for',
  state: 'state',
  createdAt: 'created_at',
});

/** Reminders by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeRemindersById(ctx: Context, ids: readonly string[]): Promise<(ReminderRow | null)[]> {
  return readByIds<ReminderRow>(ctx, `select ${columns} from tasks.reminder where id = any($1::uuid[])`, ids);
}

/** The reminders of tasks that are the caller's already, in the order of their making. */
export async function remindersByTask(ctx: Context, taskIds: readonly string[]): Promise<ReminderRow[][]> {
  const rows = await runStatement<ReminderRow>(
    ctx,
    `select ${columns} from tasks.reminder where account_id = $2 and task_id = any($1::uuid[]) order by created_at, id`,
    [taskIds, requireAccount(ctx)],
  );
  const byTask = new Map<string, ReminderRow[]>(taskIds.map((id) => [id, []]));
  for (const row of rows) byTask.get(row.taskId)?.push(row);
  return taskIds.map((id) => byTask.get(id) ?? []);
}
