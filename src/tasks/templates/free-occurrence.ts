import type { TaskTemplate } from '../../../entities/tasks/task-template.js';
import { readRows, type Tx } from '../../context.js';
import { localTimeOf, type Occurrence, occurrencesAfter } from '../recurrence/index.js';

const dayMs = 86_400_000;
const batchSize = 20;

/**
 * The first occurrence after a moment that has not been made into a task yet; null when the rule has ended. An
 * instance that is completed before its time has taken its occurrence: the next one is the one behind it.
 */
export async function freeOccurrence(tx: Tx, template: TaskTemplate, from: Date): Promise<Occurrence | null> {
  // A day earlier, since wall-clock times do not run evenly.
  const earliest = localTimeOf(new Date(from.getTime() - dayMs), template.timeZone);
  const rows = await readRows<{ localTime: string }>(
    tx,
    'select local_time as "localTime" from tasks.occurrence where template_id = $1 and local_time >= $2',
    [template.id, earliest],
  );
  const made = new Set(rows.map(({ localTime }) => localTime));
  let after = from;
  for (;;) {
    const batch = occurrencesAfter(template, after, Math.min(made.size + 1, batchSize));
    const free = batch.find(({ localTime }) => !made.has(localTime));
    const last = batch.at(-1);
    if (free || !last) return free ?? null;
    after = last.at;
  }
}
