import type { Task } from '../../../entities/tasks/task.js';
import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import type { TemplateReminder } from '../../../entities/tasks/template-reminder.js';
import type { TemplateSubtask } from '../../../entities/tasks/template-subtask.js';
import { type RowTx, runStatement } from '../../kernel/context.js';
import { dayMs } from '../../kernel/days.js';
import { dayOfTime, type Occurrence, occurrencesAfter, type Recurrence } from '../recurrence/index.js';

/** Further than any zone is from UTC. */
const marginMs = 3 * dayMs;

/**
 * How many tasks a series may be ahead of time, done or skipped before they were due: a year of days. All of them are
 * looked at for each further one.
 */
export const maxAhead = 366;
/** The occurrences of a template from a wall-clock time on, in SQL: all that are to come, and of others the latest. */
export function latestOf(accountId: string, templateId: string, since: string): string {
  const from = `tasks.occurrence where account_id = ${accountId} and template_id = ${templateId} and local_time >= ${since}`;
  return `${from} order by local_time desc limit ${2 * maxAhead}`;
}

/** A template with what its next task hangs on: read in one statement, since every completion asks for it. */
export type Series = Omit<TaskTemplate, 'createdAt' | 'retryAt' | 'newestTaskId'> &
  Content & {
    /** The wall-clock times about now and later of the occurrences that its rule has made into tasks. */
    readonly made: readonly string[];
    /** The moments of these, in milliseconds: in another time zone another wall-clock time may be the same moment. */
    readonly madeAt: readonly number[];
    /** How many occurrences that are to come have become tasks, whichever rule made them. */
    readonly madeAhead: number;
    /** The task that is to be done, the newest one if there are several. */
    readonly openId: string | null;
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
export type SubtaskSource = Pick<TemplateSubtask, 'id' | 'title' | 'estimatedMinutes' | 'source'>;
/** What a relative reminder is made from. */
export type ReminderSource = Pick<TemplateReminder, 'id' | 'type' | 'offsetMinutes' | 'method'>;

/** The series of a task; null for a one-off. */
export async function seriesOf(tx: RowTx, { templateId }: Pick<Task, 'templateId'>): Promise<Series | null> {
  return templateId === null ? null : readSeries(tx, templateId);
}

/** The series of a template; null when that is gone. */
export async function readSeries(tx: RowTx, templateId: string): Promise<Series | null> {
  const [series] = await runStatement<Series>(
    tx,
    `select template.id, template.account_id as "accountId", title, description, priority,
       estimated_minutes as "estimatedMinutes", tags, rule, time_zone as "timeZone", starts_at as "startsAt",
       taken_days as "takenDays", rule_number as "ruleNumber", active, failures,
       (select id from tasks.task where account_id = $3 and template_id = template.id and not completed
        order by created_at desc, id desc limit 1) as "openId",
       (select id from tasks.task where account_id = $3 and id = newest_task_id and template_id = template.id
         and not completed) as "nextId",
       made."localTimes" as made, made.at as "madeAt", made.ahead as "madeAhead",
       array(
         select json_build_object('id', id, 'title', title, 'estimatedMinutes', estimated_minutes, 'source', source)
         from tasks.template_subtask where account_id = $3 and template_id = template.id order by position) as subtasks,
       array(
         select json_build_object('id', id, 'type', type, 'offsetMinutes', offset_minutes, 'method', method)
         from tasks.template_reminder where account_id = $3 and template_id = template.id order by id) as reminders,
       (select count(*)::int from tasks.task where account_id = $3) as "taskCount"
     from tasks.task_template as template
     cross join lateral (
       select coalesce(array_agg(local_time) filter (where is_own), '{}') as "localTimes",
         coalesce(array_agg((extract(epoch from due_date) * 1000)::float8) filter (where is_own), '{}') as at,
         (count(*) filter (where due_date > $4))::int as ahead
       from (
         select local_time, due_date, rule_number = template.rule_number as is_own
         from ${latestOf('$3', 'template.id', '$2')}
       ) as latest
     ) as made
     where template.account_id = $3 and template.id = $1`,
    [templateId, aboutNow(tx), tx.unit.account.id, tx.clock.now()],
  );
  return series ?? null;
}

/** A wall-clock time before which no occurrence is to come, in whichever zone. */
export function aboutNow({ clock }: RowTx): string {
  return new Date(clock.now().getTime() - marginMs).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length);
}

/**
 * The first occurrence after a moment that has not been made into a task yet; null when the rule has ended. An
 * instance that is completed before its time has taken its occurrence: the next one is the one behind it.
 */
export function freeOccurrence(
  series: Recurrence & Pick<Series, 'made' | 'madeAt' | 'takenDays'>,
  after: Date,
): Occurrence | null {
  const [made, madeAt, takenDays] = [new Set(series.made), new Set(series.madeAt), new Set(series.takenDays)];
  // Its beginning may be on the day of a task that an earlier rule made: it is that one's.
  const isLeftOut = (localTime: string, at: Date) =>
    made.has(localTime) || madeAt.has(at.getTime()) || takenDays.has(dayOfTime(localTime));
  return occurrencesAfter(series, after, 1, isLeftOut)[0] ?? null;
}
