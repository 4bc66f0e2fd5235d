import { ContributionKind } from '../../entities/achievements/contribution.js';
import { noteTranscribed } from '../events/notes.js';
import { subscribe } from '../kernel/events.js';
import { recordContribution } from './record-contribution.js';

/** Counts a recording that was written down: once, however often it was tried. */
export const countVoice = subscribe(noteTranscribed, 'achievements.count-voice', (tx, { data, at }) =>
  recordContribution(tx, { kinds: [ContributionKind.VOICE], entityId: data.fileId, amount: data.seconds, at }),
);
