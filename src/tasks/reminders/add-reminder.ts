import { z } from 'zod';
import { Reminder, ReminderState, ReminderType } from '../../../entities/tasks/reminder.js';
import type { Task } from '../../../entities/tasks/task.js';
import { requireCapacityForOneMore, requireMayErrors } from '../../accounts/index.js';
import { record } from '../../activity/index.js';
import { type Context, newId, runStatement, type Tx } from '../../kernel/context.js';
import type { DeclaredErrors } from '../../kernel/errors.js';
import { field, parse } from '../../kernel/input.js';
import { transaction } from '../../kernel/transaction.js';
import { reminderCreated } from '../events.js';
import { loadTask, refuseCompleted, refuseCompletedErrors } from '../load-task.js';
import { addTemplateReminder } from '../templates/edit-content.js';
import { type Reach, RecurrenceScope, reachOf, recurrenceScope, refusedScope } from '../templates/scope.js';
import { futureTimeOf, type GivenReminder, newReminder } from './reminder-input.js';

const Input = z.intersection(z.object({ taskId: field.id, recurrenceScope }), newReminder);

export const addReminderErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also a time that has passed, and a relative reminder of a task without a due date',
  ...requireMayErrors,
  ...refuseCompletedErrors,
  LIMIT_REACHED: '`remindersPerTask`',
};

/** Reminders of a task that have fired and are kept for show. */
const keptFired = 20;

/** A reminder and its task. */
export interface WrittenReminder {
  /** Null when only the template of its series was changed. */
  readonly reminder: Reminder | null;
  readonly task: Task;
}

/** Adds a reminder to a task; a relative one in a series also to the tasks to come, unless the scope says otherwise. */
export async function addReminder(ctx: Context, input: unknown): Promise<WrittenReminder> {
  const { taskId, recurrenceScope: scope, ...given } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const task = await loadTask(tx, taskId);
    refuseCompleted(task);
    const reach = reachOfReminder(task, given.type, scope);
    const reminder = reach.here ? await addHere(tx, task, given) : null;
    const { type, offsetMinutes, method } = given;
    const fields = { accountId: task.accountId, type, offsetMinutes: offsetMinutes ?? 0, method };
    const templateReminderId = await addTemplateReminder(tx, reach, fields);
    if (reminder) Object.assign(reminder, { templateReminderId });
    return { reminder, task };
  });
}

/** An absolute reminder is of its task alone. @throws VALIDATION_FAILED when the template alone is meant */
export function reachOfReminder(task: Task, type: ReminderType, scope: RecurrenceScope | null): Reach {
  const reach = reachOf(task, scope);
  if (type !== ReminderType.ABSOLUTE) return reach;
  if (scope === RecurrenceScope.TEMPLATE_ONLY) throw refusedScope('does not go with ABSOLUTE');
  return { ...reach, templateId: null };
}

async function addHere(tx: Tx, task: Task, given: GivenReminder): Promise<Reminder> {
  await requireReminderCapacity(tx, task);
  const reminder = makeReminder(tx, task, given);
  tx.entities().persist(reminder);
  await record(tx, reminderCreated(reminder));
  return reminder;
}

/** A reminder of an open task, not written yet. `path` leads to it in the input. @throws VALIDATION_FAILED */
export function makeReminder(tx: Tx, task: Task, given: GivenReminder, path?: string): Reminder {
  const { type, offsetMinutes, method } = given;
  const scheduledFor = futureTimeOf(given, task.dueDate, tx.clock.now(), path);
  const common = { id: newId(tx.clock), accountId: task.accountId, taskId: task.id, createdAt: tx.clock.now() };
  return new Reminder({ ...common, type, offsetMinutes, method, scheduledFor });
}

/** Those that have fired are not in the way: only the newest of them are kept. */
async function requireReminderCapacity(tx: Tx, { id: taskId, accountId }: Task): Promise<void> {
  const [row] = await runStatement<{ current: number }>(
    tx,
    `with forgotten as (
       delete from tasks.reminder where account_id = $2 and id in (
         select id from tasks.reminder where account_id = $2 and task_id = $1 and state in ('SENT', 'FAILED')
         order by scheduled_for desc, id offset ${keptFired}))
     select count(*)::int as current from tasks.reminder
     where account_id = $2 and task_id = $1 and state in ('${ReminderState.SCHEDULED}', '${ReminderState.CANCELLED}')`,
    [taskId, accountId],
  );
  await requireCapacityForOneMore(tx, 'remindersPerTask', row?.current ?? 0);
}
