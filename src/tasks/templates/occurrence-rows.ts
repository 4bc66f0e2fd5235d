import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { type RowTx, runStatement } from '../../context.js';
import { dayOfTime, localTimeOf } from '../recurrence/index.js';
import { type MadeOccurrence, readSeries, type Series, timeIn, timesIn } from './series.js';

/** Notes that an occurrence of a template has become a task; it may have been one before. */
export async function markMade(
  tx: RowTx,
  templateId: string,
  { localTime, timeZone }: MadeOccurrence,
  taskId: string,
): Promise<void> {
  await runStatement(
    tx,
    `insert into tasks.occurrence (template_id, local_time, time_zone, task_id) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [templateId, localTime, timeZone, taskId],
  );
}

/** What is asked of a template here. */
type Zoned = Pick<TaskTemplate, 'id' | 'timeZone'>;

const madeColumns = `local_time as "localTime", coalesce(time_zone, $3) as "timeZone"`;

/** The wall-clock times of the occurrences that a task stands for: more than one where the time zone has changed. */
export async function timesMade(tx: RowTx, { id, timeZone }: Zoned, taskId: string): Promise<string[]> {
  const made = await runStatement<MadeOccurrence>(
    tx,
    `select ${madeColumns} from tasks.occurrence where template_id = $1 and task_id = $2`,
    [id, taskId, timeZone],
  );
  return timesIn(timeZone, made);
}

/** Frees the occurrences that a task stood for, and answers their wall-clock times. @see timesMade */
export async function freeMade(tx: RowTx, { id, timeZone }: Zoned, taskId: string): Promise<string[]> {
  const freed = await runStatement<MadeOccurrence>(
    tx,
    `delete from tasks.occurrence where template_id = $1 and task_id = $2 returning ${madeColumns}`,
    [id, taskId, timeZone],
  );
  return timesIn(timeZone, freed);
}

/** A series that may get another rule, in another time zone. */
export interface BoundSeries extends Series {
  /** The wall-clock times that its tasks take from its own rule there. @see timesIn */
  readonly madeTimes: readonly string[];
  /** The wall-clock times at which they come there, whatever the rule. */
  readonly timesThere: readonly string[];
  /** The days there on which tasks of an earlier rule are due. */
  readonly takenDays: readonly string[];
  /** The days from now on there on which it has tasks: by due date, and by occurrence. */
  readonly usedDays: readonly string[];
}

/**
 * The series of a template that is there, before it goes to a time zone. The days of the task that `moving` names are
 * free.
 */
export async function seriesBoundFor(
  tx: RowTx,
  templateId: string,
  timeZone: string,
  moving: string | null = null,
): Promise<BoundSeries> {
  const series = await readSeries(tx, templateId);
  if (!series) throw new Error('A template that was found is there.');
  const due = await runStatement<{ dueDate: string }>(
    tx,
    `select due_date as "dueDate" from tasks.task
     where template_id = $1 and due_date >= $2::timestamptz - interval '1 day' and id is distinct from $3::uuid`,
    [templateId, tx.clock.now(), moving],
  );
  const timesThere = series.made.map((each) => timeIn(timeZone, each));
  const dayIn = (zone: string, { dueDate }: { dueDate: string }) => dayOfTime(localTimeOf(new Date(dueDate), zone));
  const times = [...due.map((each) => dayIn(timeZone, each)), ...timesThere.map(dayOfTime)];
  const today = dayOfTime(localTimeOf(tx.clock.now(), timeZone));
  const usedDays = [...new Set(times)].filter((day) => day >= today).sort();
  const takenDays = series.takenDays.flatMap((day) => {
    const there = due.filter((each) => dayIn(series.timeZone, each) === day).map((each) => dayIn(timeZone, each));
    return there.length > 0 ? there : [day];
  });
  const own = { madeTimes: timesIn(timeZone, series.made), timesThere, usedDays };
  return { ...series, ...own, takenDays: [...new Set(takenDays)].sort() };
}

/** Another rule begins in a time zone: what was made before stands there for its moments alone, not for its wall-clock times. */
export async function settleMade(tx: RowTx, { id, made }: Series, zone: string): Promise<void> {
  const moved = new Map(
    made.filter(({ timeZone }) => timeZone !== zone).map((each) => [each.localTime, timeIn(zone, each)]),
  );
  if (moved.size === 0) return;
  const gone = await runStatement<{ localTime: string; taskId: string }>(
    tx,
    `delete from tasks.occurrence where template_id = $1 and local_time = any($2::text[])
     returning local_time as "localTime", task_id as "taskId"`,
    [id, [...moved.keys()]],
  );
  await runStatement(
    tx,
    `insert into tasks.occurrence (template_id, local_time, time_zone, task_id)
     select $1, local_time, $2, task_id from unnest($3::text[], $4::uuid[]) as moved (local_time, task_id)
     on conflict do nothing`,
    [id, zone, gone.map(({ localTime }) => moved.get(localTime)), gone.map(({ taskId }) => taskId)],
  );
}
