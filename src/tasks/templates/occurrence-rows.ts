import { type RowTx, runStatement } from '../../context.js';
import { dayOfTime, localTimeOf, momentOf } from '../recurrence/index.js';
import { readSeries, type Series } from './series.js';

/** Notes that an occurrence of a template, at a wall-clock time, has become a task; it may have been one before. */
export async function markMade(tx: RowTx, templateId: string, localTime: string, taskId: string): Promise<void> {
  await runStatement(
    tx,
    'insert into tasks.occurrence (template_id, local_time, task_id) values ($1, $2, $3) on conflict do nothing',
    [templateId, localTime, taskId],
  );
}

/** The wall-clock times of the occurrences that a task stands for: more than one where the time zone has changed. */
export async function timesMade(tx: RowTx, templateId: string, taskId: string): Promise<string[]> {
  const made = await runStatement<{ localTime: string }>(
    tx,
    'select local_time as "localTime" from tasks.occurrence where template_id = $1 and task_id = $2',
    [templateId, taskId],
  );
  return made.map(({ localTime }) => localTime);
}

/** Frees the occurrences that a task stood for, and answers their wall-clock times. */
export async function freeMade(tx: RowTx, templateId: string, taskId: string): Promise<string[]> {
  const freed = await runStatement<{ localTime: string }>(
    tx,
    'delete from tasks.occurrence where template_id = $1 and task_id = $2 returning local_time as "localTime"',
    [templateId, taskId],
  );
  return freed.map(({ localTime }) => localTime).sort();
}

/** A series that may get another rule. */
export interface BoundSeries extends Series {
  /** The days from now on, in the time zone to come, on which it has tasks: by due date, and by occurrence. */
  readonly usedDays: readonly string[];
}

/**
 * The series of a template that is there, before it goes to a time zone: what has become a task has so at the same
 * moments there, too, so that none becomes a second one. The days of the task that `moving` names are free.
 */
export async function seriesBoundFor(
  tx: RowTx,
  templateId: string,
  timeZone: string,
  moving: string | null = null,
): Promise<BoundSeries> {
  const series = await readSeries(tx, templateId);
  if (!series) throw new Error('A template that was found is there.');
  if (series.timeZone !== timeZone) await translateMade(tx, series, timeZone);
  const due = await runStatement<{ dueDate: string }>(
    tx,
    `select due_date as "dueDate" from tasks.task
     where template_id = $1 and due_date >= $2::timestamptz - interval '1 day' and id is distinct from $3::uuid`,
    [templateId, tx.clock.now(), moving],
  );
  const moments = [
    ...due.map(({ dueDate }) => new Date(dueDate)),
    ...series.made.map((localTime) => momentOf(localTime, series.timeZone)),
  ];
  const days = moments.map((moment) => dayOfTime(localTimeOf(moment, timeZone)));
  const today = dayOfTime(localTimeOf(tx.clock.now(), timeZone));
  return { ...series, usedDays: [...new Set(days)].filter((day) => day >= today).sort() };
}

async function translateMade(tx: RowTx, { id, made, timeZone }: Series, other: string): Promise<void> {
  await runStatement(
    tx,
    `insert into tasks.occurrence (template_id, local_time, task_id)
     select template_id, translated, task_id
     from unnest($2::text[], $3::text[]) as known (local_time, translated) join tasks.occurrence using (local_time)
     where template_id = $1 on conflict do nothing`,
    [id, made, made.map((localTime) => localTimeOf(momentOf(localTime, timeZone), other))],
  );
}
