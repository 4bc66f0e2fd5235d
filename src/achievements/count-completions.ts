import { ContributionKind } from '../../entities/achievements/contribution.js';
import type { RecordedEvent, RowTx, Subscriber } from '../kernel/context.js';
import { recordContribution } from './record-contribution.js';

/** Counts a completed task at the moment of its event, which may have passed when a job runs this. */
function countCompletion(tx: RowTx, { entityId, metadata, at }: RecordedEvent): Promise<void> {
  const kinds = [ContributionKind.TASK];
  if (metadata['focused'] === true) kinds.push(ContributionKind.FOCUS);
  return recordContribution(tx, { kinds, entityId, amount: 1, at });
}

/**
 * Whoever completes a task, and however: it counts once for streak and achievements, and as a focus completion when the
 * event's metadata say `focused: true`.
 */
export const countCompletions: readonly Subscriber[] = [
  { name: 'achievements.count-completed', on: 'task.completed', handle: countCompletion },
  { name: 'achievements.count-auto-completed', on: 'task.auto_completed', handle: countCompletion },
  { name: 'achievements.count-force-completed', on: 'task.force_completed', handle: countCompletion },
];
