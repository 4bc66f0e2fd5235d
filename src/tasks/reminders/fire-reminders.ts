import { type Reminder, ReminderState } from '../../../entities/tasks/reminder.js';
import { record } from '../../activity/index.js';
import { asAccount, type Context, logFailure, runStatement, type Tx } from '../../kernel/context.js';
import { observe } from '../../kernel/metrics.js';
import { type Timestamp, toRfc3339 } from '../../kernel/scalars.js';
import { transactionIfFree } from '../../kernel/transaction.js';
import { reminderCancelled, reminderSent } from '../events.js';
import { reminderLag } from '../metrics.js';

/** Accounts that a worker takes at once; few enough that two workers seldom take the same. */
const accountsPerRound = 100;
/** The oldest due reminders, of which a round takes some accounts at random: two workers keep out of each other's way. */
const oldestDue = 20_000;
/** Transactions that one worker has open for reminders. */
const lanes = 4;
const remindersPerTransaction = 100;

/** What has become of a reminder. */
type FiredReminder = Pick<Reminder, 'id' | 'taskId' | 'method' | 'state'> & { readonly scheduledFor: Timestamp };

/**
 * Fires what is due: row, event and notification of an account in one transaction, so that each reminder fires once
 * for each time that it has, whoever dies in the middle. An account that somebody else is writing for is left to the next round.
 */
export async function fireDueReminders(ctx: Context): Promise<void> {
  for (;;) {
    const accounts = await accountsWithDue(ctx);
    let fired = 0;
    const lane = async () => {
      for (let accountId = accounts.pop(); accountId !== undefined; accountId = accounts.pop()) {
        fired += await fireOf(ctx, accountId);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    if (fired === 0) return;
  }
}

async function accountsWithDue(ctx: Context): Promise<string[]> {
  const rows = await runStatement<{ accountId: string }>(
    ctx,
    `select account_id as "accountId" from (
       select distinct account_id from (
         select account_id from tasks.reminder where state = 'SCHEDULED' and scheduled_for <= $1
         order by scheduled_for limit ${oldestDue}
       ) as due
     ) as account order by random() limit ${accountsPerRound}`,
    [ctx.clock.now()],
  );
  return rows.map(({ accountId }) => accountId);
}

/** How many reminders of an account fired or were cancelled. An account that fails keeps its own waiting, not others'. */
async function fireOf(ctx: Context, accountId: string): Promise<number> {
  try {
    return (await transactionIfFree(asAccount(ctx, accountId), fireDue)) ?? 0;
  } catch (error) {
    logFailure(ctx.log, error, { account: accountId }, 'reminders could not be fired; the next round tries again');
    return 0;
  }
}

/** Rows and no entities: thousands may be due within a second. */
async function fireDue(tx: Tx): Promise<number> {
  const rows = await runStatement<FiredReminder>(
    tx,
    `with due as (
       select reminder.id, task.hidden or task.archived or task.completed as unwanted
       from tasks.reminder join tasks.task on task.account_id = $1 and task.id = reminder.task_id
       where reminder.account_id = $1 and reminder.state = 'SCHEDULED' and reminder.scheduled_for <= $2
       order by reminder.scheduled_for, reminder.id limit ${remindersPerTransaction} for update of reminder skip locked
     ), fired as (
       update tasks.reminder set state = case when unwanted then 'CANCELLED' else 'SENT' end
       from due where reminder.account_id = $1 and reminder.id = due.id returning reminder.*
     )
     select id, task_id as "taskId", method, state, scheduled_for as "scheduledFor" from fired order by scheduled_for, id`,
    [tx.unit.account.id, tx.clock.now()],
  );
  const events = rows.map((row) =>
    row.state === ReminderState.SENT
      ? reminderSent({ ...row, scheduledFor: toRfc3339(row.scheduledFor) })
      : reminderCancelled(row, 'TASK_PUT_AWAY'),
  );
  await record(tx, ...events);
  for (const { state, scheduledFor } of rows) {
    if (state === ReminderState.SENT)
      observe(tx, reminderLag, {}, (tx.clock.now().getTime() - Date.parse(toRfc3339(scheduledFor))) / 1_000);
  }
  return rows.length;
}
