import { ContributionKind } from '../../entities/achievements/contribution.js';
import { noteConverted } from '../events/notes.js';
import { subscribe } from '../kernel/events.js';
import { recordContribution } from './record-contribution.js';

/** Counts a note that was turned into a task: once, also where that was taken back and done anew. */
export const countConversions = subscribe(noteConverted, 'achievements.count-conversions', (tx, { entityId, at }) =>
  recordContribution(tx, { kinds: [ContributionKind.NOTE], entityId, amount: 1, at }),
);
