import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import type { TemplateReminder } from '../../../entities/tasks/template-reminder.js';
import type { TemplateSubtask } from '../../../entities/tasks/template-subtask.js';
import { type RowTx, runStatement } from '../../context.js';
import { dayOfTime, type Occurrence, occurrencesAfter, type Recurrence } from '../recurrence/index.js';

const dayMs = 86_400_000;
/** Further than any zone is from UTC. */
const marginMs = 3 * dayMs;

/** A template with what its next task hangs on: read in one statement, since every completion asks for it. */
export type Series = Omit<TaskTemplate, 'createdAt' | 'retryAt' | 'newestTaskId'> &
  Content & {
    /** The wall-clock times about now and later of the occurrences that its rule has made into tasks. */
    readonly made: readonly string[];
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
type SubtaskSource = Pick<TemplateSubtask, 'id' | 'title' | 'estimatedMinutes' | 'source'>;
/** What a relative reminder is made from. */
export type ReminderSource = Pick<TemplateReminder, 'id' | 'type' | 'offsetMinutes' | 'method'>;

/** The series of a template; null when that is gone. */
export async function readSeries(tx: RowTx, templateId: string): Promise<Series | null> {
  const [series] = await runStatement<Series>(
    tx,
    `select template.id, template.user_id as "userId", title, description, priority,
       estimated_minutes as "estimatedMinutes", tags, rule, time_zone as "timeZone", starts_at as "startsAt",
       taken_days as "takenDays", rule_number as "ruleNumber", active, failures,
       (select id from tasks.task where template_id = template.id and not completed
        order by created_at desc, id desc limit 1) as "openId",
       (select id from tasks.task where id = newest_task_id and template_id = template.id and not completed) as "nextId",
       array(
         select local_time from tasks.occurrence
         where template_id = template.id and occurrence.rule_number = template.rule_number and local_time >= $2
       ) as made,
       array(
         select json_build_object('id', id, 'title', title, 'estimatedMinutes', estimated_minutes, 'source', source)
         from tasks.template_subtask where template_id = template.id order by position) as subtasks,
       array(
         select json_build_object('id', id, 'type', type, 'offsetMinutes', offset_minutes, 'method', method)
         from tasks.template_reminder where template_id = template.id order by id) as reminders,
       (select count(*)::int from tasks.task where user_id = $3) as "taskCount"
     from tasks.task_template as template
     where template.id = $1`,
    [templateId, aboutNow(tx).toISOString().slice(0, 'YYYY-MM-DDTHH:mm:ss'.length), tx.unit.account.id],
  );
  return series ?? null;
}

/** A moment before which no occurrence is to come, in whichever zone. */
export function aboutNow({ clock }: RowTx): Date {
  return new Date(clock.now().getTime() - marginMs);
}

/**
 * The first occurrence after a moment that has not been made into a task yet; null when the rule has ended. An
 * instance that is completed before its time has taken its occurrence: the next one is the one behind it.
 */
export function freeOccurrence(
  series: Recurrence & Pick<Series, 'made' | 'takenDays'>,
  after: Date,
): Occurrence | null {
  const { made, takenDays } = series;
  // Its beginning may be on the day of a task that an earlier rule made: it is that one's.
  const isLeftOut = (localTime: string) => made.includes(localTime) || takenDays.includes(dayOfTime(localTime));
  return occurrencesAfter(series, after, 1, isLeftOut)[0] ?? null;
}
