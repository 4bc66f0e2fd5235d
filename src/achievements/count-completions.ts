import { ContributionKind } from '../../entities/achievements/contribution.js';
import { taskAutoCompleted, taskCompleted, taskForceCompleted } from '../events/tasks.js';
import type { RowTx, Subscriber } from '../kernel/context.js';
import { type Heard, subscribe } from '../kernel/events.js';
import { recordContribution } from './record-contribution.js';

/** Counts a completed task at the moment of its event, which may have passed when a job runs this. */
function countCompletion(tx: RowTx, { entityId, data, at }: Heard<{ readonly focused: boolean }>): Promise<void> {
  const kinds = data.focused ? [ContributionKind.TASK, ContributionKind.FOCUS] : [ContributionKind.TASK];
  return recordContribution(tx, { kinds, entityId, amount: 1, at });
}

/** Whoever completes a task, and however: it counts once for streak and achievements, and perhaps as a focus completion. */
export const countCompletions: readonly Subscriber[] = [
  subscribe(taskCompleted, 'achievements.count-completed', countCompletion),
  subscribe(taskAutoCompleted, 'achievements.count-auto-completed', countCompletion),
  subscribe(taskForceCompleted, 'achievements.count-force-completed', countCompletion),
];
