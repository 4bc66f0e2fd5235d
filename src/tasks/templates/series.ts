import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import type { TemplateReminder } from '../../../entities/tasks/template-reminder.js';
import type { TemplateSubtask } from '../../../entities/tasks/template-subtask.js';
import { type RowTx, runStatement } from '../../context.js';
import {
  dayOfTime,
  localTimeOf,
  momentOf,
  type Occurrence,
  occurrencesAfter,
  type Recurrence,
} from '../recurrence/index.js';

const dayMs = 86_400_000;
/** Further than any zone is from UTC. */
const marginMs = 3 * dayMs;

/** An occurrence that has become a task: its wall-clock time, in the time zone that its series had then. */
export interface MadeOccurrence {
  readonly localTime: string;
  readonly timeZone: string;
}

/** A template with what its next task hangs on: read in one statement, since every completion asks for it. */
export type Series = Omit<TaskTemplate, 'createdAt' | 'retryAt' | 'newestTaskId'> &
  Content & {
    /** The occurrences about now and later that have become tasks. */
    readonly made: readonly MadeOccurrence[];
    /** The task that is to be done, the newest one if there are several. */
    readonly openId: string | null;
    /** The wall-clock time of its occurrence. */
    readonly openTime: string | null;
    readonly openDueDate: string | null;
    /** The next task where it is there: the newest one that was made, while it is open. */
    readonly nextId: string | null;
    /** How many tasks the account has, of whatever series. */
    readonly taskCount: number;
  };

/** What a new task of a series starts with. */
interface Content {
  readonly subtasks: readonly SubtaskSource[];
  readonly reminders: readonly ReminderSource[];
}

/** What a subtask is made from. */
type SubtaskSource = Pick<TemplateSubtask, 'id' | 'title' | 'estimatedMinutes' | 'source'>;
/** What a relative reminder is made from. */
export type ReminderSource = Pick<TemplateReminder, 'id' | 'type' | 'offsetMinutes' | 'method'>;

/** The series of a template; null when that is gone. */
export async function readSeries(tx: RowTx, templateId: string): Promise<Series | null> {
  const [series] = await runStatement<Series>(
    tx,
    `select template.id, template.user_id as "userId", title, description, priority,
       estimated_minutes as "estimatedMinutes", tags, rule, time_zone as "timeZone", starts_at as "startsAt",
       taken_days as "takenDays", active,
       failures, open.id as "openId", open.local_time as "openTime", open.due_date as "openDueDate",
       (select id from tasks.task where id = newest_task_id and template_id = template.id and not completed) as "nextId",
       array(
         select json_build_object('localTime', local_time, 'timeZone', coalesce(occurrence.time_zone, template.time_zone))
         from tasks.occurrence where template_id = template.id and local_time >= $2) as made,
       array(
         select json_build_object('id', id, 'title', title, 'estimatedMinutes', estimated_minutes, 'source', source)
         from tasks.template_subtask where template_id = template.id order by position) as subtasks,
       array(
         select json_build_object('id', id, 'type', type, 'offsetMinutes', offset_minutes, 'method', method)
         from tasks.template_reminder where template_id = template.id order by id) as reminders,
       (select count(*)::int from tasks.task where user_id = $3) as "taskCount"
     from tasks.task_template as template
     left join lateral (
       select task.id, task.due_date, occurrence.local_time from tasks.task
       left join tasks.occurrence on occurrence.template_id = template.id and occurrence.task_id = task.id
       where task.template_id = template.id and not completed
       order by task.created_at desc, task.id desc, occurrence.local_time desc limit 1
     ) as open on true
     where template.id = $1`,
    [
      templateId,
      new Date(tx.clock.now().getTime() - marginMs).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length),
      tx.unit.account.id,
    ],
  );
  return series ?? null;
}

/**
 * The first occurrence after a moment that has not been made into a task yet; null when the rule has ended. An
 * instance that is completed before its time has taken its occurrence: the next one is the one behind it.
 */
export function freeOccurrence(
  series: Recurrence & Pick<Series, 'made' | 'takenDays'>,
  after: Date,
): Occurrence | null {
  const { takenDays } = series;
  const made = timesIn(series.timeZone, series.made);
  // Its beginning may be on the day of a task that an earlier rule made: it is that one's.
  const isLeftOut = (localTime: string) => made.includes(localTime) || takenDays.includes(dayOfTime(localTime));
  return occurrencesAfter(series, after, 1, isLeftOut)[0] ?? null;
}

/** The wall-clock time at which an occurrence comes in a time zone. */
export function timeIn(zone: string, { localTime, timeZone }: MadeOccurrence): string {
  return timeZone === zone ? localTime : localTimeOf(momentOf(localTime, timeZone), zone);
}

/**
 * The wall-clock times that occurrences take from a rule that goes on in a time zone: as they were made, since there what
 * was nine o'clock stays nine o'clock, and at the same moments, so that none becomes a second task.
 */
export function timesIn(zone: string, made: readonly MadeOccurrence[]): string[] {
  return [...new Set(made.flatMap((each) => [each.localTime, timeIn(zone, each)]))].sort();
}
