import { type RowTx, runStatement } from '../../context.js';
import { localTimeOf, momentOf } from '../recurrence/index.js';
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

/** Frees the occurrence that a task stood for, and answers its wall-clock time; null when it stood for none. */
export async function freeMade(tx: RowTx, templateId: string, taskId: string): Promise<string | null> {
  const freed = await runStatement<{ localTime: string }>(
    tx,
    'delete from tasks.occurrence where template_id = $1 and task_id = $2 returning local_time as "localTime"',
    [templateId, taskId],
  );
  return freed[0]?.localTime ?? null;
}

/**
 * The series of a template that is there, before it goes to a time zone: what has become a task has so at the same
 * moments there, too, so that none becomes a second one.
 */
export async function seriesBoundFor(tx: RowTx, templateId: string, timeZone: string): Promise<Series> {
  const series = await readSeries(tx, templateId);
  if (!series) throw new Error('A template that was found is there.');
  if (series.timeZone !== timeZone) await translateMade(tx, series, timeZone);
  return series;
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
