import { Occurrence } from '../../../entities/tasks/occurrence.js';
import { type RowTx, runStatement } from '../../kernel/context.js';
import { rowsOf } from '../../kernel/rows.js';
import { dayOfTime, localTimeOf, type Occurrence as RuleOccurrence } from '../recurrence/index.js';
import type { MadeOccurrence, SeriesRule } from './same-rule.js';
import { aboutNow, latestOf, readSeries } from './series.js';

/** An occurrence with the task that it became. */
type MadeRow = Omit<MadeOccurrence, 'dueDate'> & { readonly dueDate: string; readonly taskId: string };

const { columns } = rowsOf(Occurrence, ['ruleNumber', 'localTime', 'dueDate', 'taskId']);

/** The occurrence that a task of a template stands for; null for none. */
export async function occurrenceOf(tx: RowTx, templateId: string, taskId: string): Promise<MadeOccurrence | null> {
  const [made] = await runStatement<MadeRow>(
    tx,
    `select ${columns} from tasks.occurrence where account_id = $3 and template_id = $1 and task_id = $2`,
    [templateId, taskId, tx.unit.account.id],
  );
  return made ? withDate(made) : null;
}

/** Notes which occurrence a task of a template stands for, in place of the one before. */
export async function recordOccurrence(
  tx: RowTx,
  templateId: string,
  ruleNumber: number,
  { localTime, at }: RuleOccurrence,
  taskId: string,
): Promise<void> {
  await runStatement(
    tx,
    `insert into tasks.occurrence (account_id, template_id, rule_number, local_time, due_date, task_id)
     values ($6, $1, $2, $3, $4, $5) on conflict (account_id, template_id, task_id) do update
     set rule_number = excluded.rule_number, local_time = excluded.local_time, due_date = excluded.due_date`,
    [templateId, ruleNumber, localTime, at, taskId, tx.unit.account.id],
  );
}

/** A series that may get another rule, in another time zone, without the task that moves. */
export interface BoundSeries extends SeriesRule {
  /** The wall-clock times about now and later of the occurrences that its rule has made into tasks. */
  readonly made: readonly string[];
  /** The moments of these, in milliseconds. */
  readonly madeAt: readonly number[];
  /** Whether its rule has made a task at all. */
  readonly isBegun: boolean;
  /** The wall-clock times there of all its occurrences from about now on, whichever rule made them. */
  readonly timesThere: readonly string[];
  /** The days there, from now on, that have a task of it: by due date, and by occurrence. */
  readonly used: readonly UsedDay[];
  /** The day that it is there. */
  readonly today: string;
  /** The task that is to be done. */
  readonly open: OpenTask | null;
}

/** A day with a task of a series, and the number of the rule that made that; null where it stands for no occurrence. */
interface UsedDay {
  readonly day: string;
  readonly ruleNumber: number | null;
}

interface OpenTask {
  readonly dueDate: Date | null;
  /** The due date that its occurrence gave it; null where it stands for none. */
  readonly madeFor: Date | null;
}

/** The series of a template that is there, before it goes to a time zone. `moving` is the task that follows, if any. */
export async function loadSeriesInZone(
  tx: RowTx,
  templateId: string,
  timeZone: string,
  moving: string | null = null,
): Promise<BoundSeries> {
  const series = await readSeries(tx, templateId);
  if (!series) throw new Error('A template that was found is there.');
  const { openId, ruleNumber } = series;
  const made = (await readMade(tx, templateId, openId)).filter(({ taskId }) => taskId !== moving);
  const due = (await readDue(tx, templateId, openId)).filter(({ id }) => id !== moving);
  const ruleNumbers = new Map(made.map(({ taskId, ruleNumber: number }) => [taskId, number]));
  const there = (dueDate: Date) => localTimeOf(dueDate, timeZone);
  const used = [
    ...made.map((each) => ({ day: dayOfTime(there(each.dueDate)), ruleNumber: each.ruleNumber })),
    ...due.map(({ id, dueDate }) => ({ day: dayOfTime(there(dueDate)), ruleNumber: ruleNumbers.get(id) ?? null })),
  ];
  const own = made.filter((each) => each.ruleNumber === ruleNumber);
  const today = dayOfTime(there(tx.clock.now()));
  return {
    ...series,
    made: own.map(({ localTime }) => localTime),
    madeAt: own.map(({ dueDate }) => dueDate.getTime()),
    isBegun: await hasMade(tx, templateId, ruleNumber, moving),
    timesThere: made.map(({ dueDate }) => there(dueDate)),
    used: used.filter(({ day }) => day >= today),
    today,
    open:
      openId === null
        ? null
        : {
            dueDate: due.find(({ id }) => id === openId)?.dueDate ?? null,
            madeFor: made.find(({ taskId }) => taskId === openId)?.dueDate ?? null,
          },
  };
}

/** The occurrences of a template about now and later that have become tasks, and the one of a task. */
async function readMade(tx: RowTx, templateId: string, taskId: string | null) {
  const rows = await runStatement<MadeRow>(
    tx,
    `(select ${columns} from ${latestOf('$4', '$1', '$2')})
     union select ${columns} from tasks.occurrence where account_id = $4 and template_id = $1 and task_id = $3`,
    [templateId, aboutNow(tx), taskId, tx.unit.account.id],
  );
  return rows.map(withDate);
}

/** When the tasks of a template are due, of those about now and later, and of one. */
async function readDue(tx: RowTx, templateId: string, taskId: string | null) {
  const rows = await runStatement<{ id: string; dueDate: string }>(
    tx,
    `select id, due_date as "dueDate" from tasks.task
     where account_id = $4 and template_id = $1 and (due_date >= $2::timestamp at time zone 'UTC' or (due_date is not null and id = $3))`,
    [templateId, aboutNow(tx), taskId, tx.unit.account.id],
  );
  return rows.map(withDate);
}

async function hasMade(tx: RowTx, templateId: string, ruleNumber: number, moving: string | null): Promise<boolean> {
  const rows = await runStatement(
    tx,
    `select from tasks.occurrence
     where account_id = $4 and template_id = $1 and rule_number = $2 and task_id is distinct from $3::uuid limit 1`,
    [templateId, ruleNumber, moving, tx.unit.account.id],
  );
  return rows.length > 0;
}

function withDate<Row extends { readonly dueDate: string }>(row: Row): Omit<Row, 'dueDate'> & { dueDate: Date } {
  return { ...row, dueDate: new Date(row.dueDate) };
}
