import { achievementNotifications, countCompletions, countConversions, countVoice } from './achievements/index.js';
import { grantKickstart } from './billing/index.js';
import { releaseDropped } from './files/index.js';
import type { Subscriber } from './kernel/context.js';
import { closedAccountNotifications } from './notifications/index.js';
import { retryWithRoom, taskNotifications } from './tasks/index.js';

/** Which event makes whom act, in this order. */
export const subscribers: readonly Subscriber[] = [
  grantKickstart,
  releaseDropped,
  ...closedAccountNotifications,
  ...countCompletions,
  countVoice,
  countConversions,
  ...achievementNotifications,
  ...taskNotifications,
  retryWithRoom,
];
