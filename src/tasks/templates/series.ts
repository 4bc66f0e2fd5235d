import type { Reminder } from '../../../entities/tasks/reminder.js';
import type { Subtask } from '../../../entities/tasks/subtask.js';
import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { limitsOf } from '../../achievements/index.js';
import { type RowTx, runStatement } from '../../context.js';
import { type Occurrence, occurrencesAfter, type Recurrence } from '../recurrence/index.js';

const dayMs = 86_400_000;
/** Further than any zone is from UTC. */
const marginMs = 3 * dayMs;

/** A template with what its next task hangs on: read in one statement, since every completion asks for it. */
export type Series = Omit<TaskTemplate, 'createdAt' | 'retryAt' | 'carried'> &
  Carried & {
    /** What the next task was to take over when it could not be made; null unless that is being tried again. */
    readonly carried: Carried | null;
    /** The occurrences about now and later that have become tasks, by their wall-clock times. */
    readonly made: readonly string[];
    /** The task that is to be done, the newest one if there are several. */
    readonly openId: string | null;
    /** The wall-clock time of its occurrence. */
    readonly openTime: string | null;
    /** Its newest task, done or not. */
    readonly newestId: string | null;
    /** How many tasks the account has, of whatever series. */
    readonly taskCount: number;
  };

/** What the next task takes over from the newest one. */
interface Carried {
  /** The subtasks, done or not, in their order. */
  readonly subtasks: readonly SubtaskLike[];
  /** The relative reminders, the last added ones if there are many. */
  readonly reminders: readonly ReminderLike[];
}

/** What a subtask leaves to the one after it. */
type SubtaskLike = Pick<Subtask, 'title' | 'estimatedMinutes' | 'source'>;
/** What a reminder leaves to the one after it. */
export type ReminderLike = Pick<Reminder, 'type' | 'offsetMinutes' | 'method'>;

/** The series of a template; null when that is gone. */
export async function readSeries(tx: RowTx, templateId: string): Promise<Series | null> {
  const { account } = tx.unit;
  const [series] = await runStatement<Series>(
    tx,
    `select template.id, template.user_id as "userId", title, description, priority,
       estimated_minutes as "estimatedMinutes", tags, rule, time_zone as "timeZone", starts_at as "startsAt", active,
       failures, carried, open.id as "openId", open.local_time as "openTime",
       newest.id as "newestId",
       array(select local_time from tasks.occurrence where template_id = template.id and local_time >= $2) as made,
       array(
         select json_build_object('title', title, 'estimatedMinutes', estimated_minutes, 'source', source)
         from tasks.subtask where task_id = newest.id order by position) as subtasks,
       array(
         select json_build_object('type', type, 'offsetMinutes', offset_minutes, 'method', method) from (
           select * from tasks.reminder where task_id = newest.id and type <> 'ABSOLUTE'
           order by created_at desc, id desc limit $3) as last_added order by created_at, id) as reminders,
       (select count(*)::int from tasks.task where user_id = $4) as "taskCount"
     from tasks.task_template as template
     left join lateral (
       select id from tasks.task where template_id = template.id order by created_at desc, id desc limit 1
     ) as newest on true
     left join lateral (
       select task.id, occurrence.local_time from tasks.task
       left join tasks.occurrence on occurrence.template_id = template.id and occurrence.task_id = task.id
       where task.template_id = template.id and not completed
       order by task.created_at desc, task.id desc, occurrence.local_time desc limit 1
     ) as open on true
     where template.id = $1`,
    [
      templateId,
      new Date(tx.clock.now().getTime() - marginMs).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length),
      limitsOf(account.tier).remindersPerTask,
      account.id,
    ],
  );
  return series ?? null;
}

/** The next task where it is there: the newest one, while it is open. An older one that was opened again is not. */
export function nextIdOf({ openId, newestId }: Series): string | null {
  return openId === newestId ? openId : null;
}

/**
 * The first occurrence after a moment that has not been made into a task yet; null when the rule has ended. An
 * instance that is completed before its time has taken its occurrence: the next one is the one behind it.
 */
export function freeOccurrence(recurrence: Recurrence, made: readonly string[], after: Date): Occurrence | null {
  return occurrencesAfter(recurrence, after, 1, made)[0] ?? null;
}
