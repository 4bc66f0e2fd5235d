import { NotificationType } from '../../entities/notifications/notification.js';
import { type Reminder, ReminderMethod, ReminderState, ReminderType } from '../../entities/tasks/reminder.js';
import type { Task } from '../../entities/tasks/task.js';
import { record } from '../activity/index.js';
import { pushFailed, pushSent } from '../events/notifications.js';
import type { About } from '../events/shapes.js';
import { reminderSent, taskAutoCompleted, taskCompleted, taskForceCompleted } from '../events/tasks.js';
import { type RecordedEvent, type RowTx, runStatement, type Subscriber } from '../kernel/context.js';
import { type Heard, subscribe } from '../kernel/events.js';
import { type Timestamp, toRfc3339 } from '../kernel/scalars.js';
import { addToNotification, notify, wasPushed, wasWrittenFor } from '../notifications/index.js';
import { reminderFailed, reminderUpdated } from './events.js';

interface FiredReminder {
  readonly id: string;
  readonly type: ReminderType;
  /** The time that it fired for. */
  readonly firedFor: Timestamp;
  /** Minutes until it is due, below 0 when it was; null without a due date. */
  readonly dueInMinutes: number | null;
  readonly method: ReminderMethod;
  readonly taskId: string;
  readonly title: string;
}

/** One that was removed since has nothing more to say. */
async function notifyReminders(tx: RowTx, events: readonly Heard<{ readonly scheduledFor: string }>[]): Promise<void> {
  const reminders = await runStatement<FiredReminder>(
    tx,
    `select reminder.id, reminder.type, reminder.method, task.id as "taskId", task.title, fired_for as "firedFor",
       round(extract(epoch from task.due_date -
         case when $3 < fired_for + interval '1 minute' then fired_for else $3 end
       ) / 60)::int as "dueInMinutes"
     from unnest($1::uuid[], $2::timestamptz[]) with ordinality as wanted (id, fired_for, place)
     join tasks.reminder on reminder.account_id = $4 and reminder.id = wanted.id
     join tasks.task on task.account_id = $4 and task.id = reminder.task_id
     order by place`,
    [
      events.map(({ entityId }) => entityId),
      events.map(({ data }) => data.scheduledFor),
      tx.clock.now(),
      tx.unit.account.id,
    ],
  );
  const notifications = reminders.map((reminder) => ({
    type: NotificationType.REMINDER,
    title: reminder.title,
    body: bodyOf(reminder),
    actionUrl: pathOf(reminder.taskId),
    about: { entityType: 'reminder', entityId: reminder.id },
    key: keyOf(reminder.id, reminder.firedFor),
    push: reminder.method === ReminderMethod.PUSH,
  }));
  await notify(tx, ...notifications);
}

/** A reminder has a notification for each time that it has fired for. */
function keyOf(id: string, firedFor: Timestamp): string {
  return `reminder ${id} ${toRfc3339(firedFor)}`;
}

/** What is so at this moment: within the minute that a reminder has it is as was asked, after an outage it may be late. */
function bodyOf({ type, dueInMinutes: minutes }: FiredReminder): string {
  if (type === ReminderType.ABSOLUTE || minutes === null) return 'You asked to be reminded of this task.';
  if (minutes === 0) return 'It is due now.';
  const duration = durationText(Math.abs(minutes));
  return minutes > 0 ? `It is due in ${duration}.` : `It was due ${duration} ago.`;
}

const durations = new Intl.DurationFormat('en', { style: 'long' });
const [minutesPerHour, minutesPerDay] = [60, 1_440];

/** Minutes as a person says them: `1 day, 2 hours`. */
function durationText(minutes: number): string {
  return durations.format({
    days: Math.floor(minutes / minutesPerDay),
    hours: Math.floor((minutes % minutesPerDay) / minutesPerHour),
    minutes: minutes % minutesPerHour,
  });
}

/** The kinds of completion, and what a notification says of each. */
const completions = [
  { definition: taskCompleted, said: 'Completed.' },
  { definition: taskAutoCompleted, said: 'Completed with its last subtask.' },
  { definition: taskForceCompleted, said: 'Completed together with its open subtasks.' },
] as const;

/** The task that an open transaction completes: its notification need not read it again. A job that retries does. */
const completing = new WeakMap<object, Pick<Task, 'id' | 'title'>>();

/** Says which task the transaction completes, ahead of the event. */
export function noteCompleting(tx: RowTx, task: Task): void {
  completing.set(tx.unit, task);
}

async function titleOf(tx: RowTx, taskId: string): Promise<string | null> {
  const noted = completing.get(tx.unit);
  if (noted?.id === taskId) return noted.title;
  const [task] = await runStatement<{ title: string }>(
    tx,
    'select title from tasks.task where account_id = $1 and id = $2',
    [tx.unit.account.id, taskId],
  );
  return task?.title ?? null;
}

async function notifyCompletion(tx: RowTx, { entityId, number }: RecordedEvent, said: string): Promise<void> {
  const title = await titleOf(tx, entityId);
  if (title === null) return;
  await notify(tx, {
    type: NotificationType.TASK_COMPLETED,
    title,
    body: said,
    actionUrl: pathOf(entityId),
    about: { entityType: 'task', entityId },
    key: completionKey(number),
    // Whoever ticks and unticks a task need not read of it each time.
    onceUntilRead: true,
    push: false,
  });
}

function completionKey(number: number): string {
  return `completion ${number}`;
}

/** The notification of a completion also says why the next task of the series is not there yet. */
export async function tellWaiting(tx: RowTx, completion: number, reason: string): Promise<void> {
  await addToNotification(tx, completionKey(completion), ` ${reason}`);
}

/** Where the app shows a task. */
function pathOf(taskId: string): string {
  return `/tasks/${taskId}`;
}

/** How the push of a notification ended. */
type Pushed = Heard<{ readonly notificationId: string; readonly about: About }>;

/** A push that was given up on fails the reminder that it was for, unless another browser was reached. */
async function failReminder(tx: RowTx, { data: { notificationId, about } }: Pushed): Promise<void> {
  if (about.entityType !== 'reminder' || (await wasPushed(tx, notificationId))) return;
  const failed = await moveReminder(tx, about.entityId, notificationId, ReminderState.SENT, ReminderState.FAILED);
  if (failed) await record(tx, reminderFailed(failed));
}

/** A browser was reached after another one had failed. */
async function markReachedLater(tx: RowTx, { data: { notificationId, about } }: Pushed): Promise<void> {
  if (about.entityType !== 'reminder') return;
  const reached = await moveReminder(tx, about.entityId, notificationId, ReminderState.FAILED, ReminderState.SENT);
  if (reached) await record(tx, reminderUpdated(reached, ['state']));
}

type MovedReminder = Pick<Reminder, 'id' | 'taskId'>;

/**
 * Null when it is in another state, or gone: the second time there is nothing to move. News of a time before the one
 * for which it last fired do not concern it any more.
 */
async function moveReminder(
  tx: RowTx,
  id: string,
  notificationId: string,
  from: ReminderState,
  to: ReminderState,
): Promise<MovedReminder | null> {
  const [reminder] = await runStatement<{ scheduledFor: Timestamp }>(
    tx,
    'select scheduled_for as "scheduledFor" from tasks.reminder where account_id = $2 and id = $1 and state = $3',
    [id, tx.unit.account.id, from],
  );
  if (!reminder || !(await wasWrittenFor(tx, notificationId, keyOf(id, reminder.scheduledFor)))) return null;
  const [moved] = await runStatement<MovedReminder>(
    tx,
    `update tasks.reminder set state = $4 where account_id = $2 and id = $1 and state = $3
     returning id, task_id as "taskId"`,
    [id, tx.unit.account.id, from, to],
  );
  return moved ?? null;
}

/** What tasks tell their user, and what they hear of its delivery. */
export const taskNotifications: readonly Subscriber[] = [
  subscribe(reminderSent, 'tasks.tell-reminder', (tx, event) => notifyReminders(tx, [event]), notifyReminders),
  ...completions.map(({ definition, said }) =>
    subscribe(definition, `tasks.tell-${definition.type}`, (tx, event) => notifyCompletion(tx, event, said)),
  ),
  subscribe(pushFailed, 'tasks.fail-reminder', failReminder),
  subscribe(pushSent, 'tasks.reach-after-all', markReachedLater),
];
