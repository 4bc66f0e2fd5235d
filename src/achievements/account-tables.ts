import { ActiveDay } from '../../entities/achievements/active-day.js';
import { Contribution } from '../../entities/achievements/contribution.js';
import { Progress } from '../../entities/achievements/progress.js';
import { Unlocked } from '../../entities/achievements/unlocked.js';
import { type AccountTable, accountTable } from '../kernel/account-tables.js';

/** What a person has achieved. */
export const achievementsTables: readonly AccountTable[] = [
  accountTable(Contribution, {
    name: 'contributions',
    what: 'What you did that counts towards achievements.',
    of: 'userId',
    order: ['kind', 'entityId'],
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(ActiveDay, {
    name: 'active-days',
    what: 'Days on which you completed a task.',
    of: 'userId',
    order: ['day'],
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(Progress, {
    name: 'progress',
    what: 'How far you have come, and your streak.',
    of: 'userId',
    order: ['userId'],
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(Unlocked, {
    name: 'achievements',
    what: 'Achievements that you have earned.',
    of: 'userId',
    order: ['achievement'],
    onDeletion: { kind: 'DELETED' },
  }),
];
