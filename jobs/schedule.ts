import { endStreaks } from '../src/achievements/index.js';
import { forgetOperatorActions, keepEventPartitions, purgeIdempotencyKeys } from '../src/activity/index.js';
import { assistantPurposes, expireActions, forgetActions, purgeSuggestions } from '../src/assistant/index.js';
import { purgeSessions } from '../src/auth/index.js';
import {
  forgetEventBodies,
  grantDailyCredits,
  lookAtPayments,
  processPaymentEvents,
  reconcileCredits,
  sweepHolds,
  workSubscriptions,
} from '../src/billing/index.js';
import { giveUpUploads, orphanSweeper, removeReleased } from '../src/files/index.js';
import { runSweeper } from '../src/llm/index.js';
import { sweepRecordings } from '../src/notes/index.js';
import { deleteClosedAccounts, expireExports } from '../src/privacy/index.js';
import { fireDueReminders, retryInstances, sweepFocus } from '../src/tasks/index.js';
import type { RecurringJob } from './job.js';

const minute = 60;
const hour = 3_600;

/** Every recurring job. Each survives being run twice at once, late, or not for days: it works off what is due. */
export function schedule({ sweepSeconds }: { readonly sweepSeconds: number }): readonly RecurringJob[] {
  return [
    { name: 'tasks.fire-reminders', everySeconds: 1, run: fireDueReminders },
    { name: 'tasks.sweep-focus', everySeconds: minute, run: sweepFocus },
    { name: 'tasks.retry-instances', everySeconds: sweepSeconds, run: retryInstances },
    { name: 'llm.sweep-runs', everySeconds: sweepSeconds, run: runSweeper(assistantPurposes) },
    { name: 'billing.sweep-holds', everySeconds: sweepSeconds, run: sweepHolds },
    { name: 'billing.grant-daily-credits', everySeconds: minute, run: grantDailyCredits },
    { name: 'billing.process-payment-events', everySeconds: 1, run: processPaymentEvents },
    { name: 'billing.work-subscriptions', everySeconds: minute, run: workSubscriptions },
    { name: 'billing.look-at-payments', everySeconds: minute, run: lookAtPayments },
    { name: 'billing.forget-event-bodies', everySeconds: hour, run: forgetEventBodies },
    { name: 'billing.reconcile-credits', everySeconds: hour, run: reconcileCredits },
    { name: 'notes.sweep-recordings', everySeconds: sweepSeconds, run: sweepRecordings },
    { name: 'files.give-up-uploads', everySeconds: minute, run: giveUpUploads },
    { name: 'files.remove-released', everySeconds: minute, run: removeReleased },
    { name: 'files.remove-orphans', everySeconds: hour, run: orphanSweeper() },
    { name: 'achievements.end-streaks', everySeconds: minute, run: endStreaks },
    { name: 'activity.keep-event-partitions', everySeconds: hour, run: keepEventPartitions },
    { name: 'activity.purge-idempotency-keys', everySeconds: hour, run: purgeIdempotencyKeys },
    { name: 'activity.forget-operator-actions', everySeconds: hour, run: forgetOperatorActions },
    { name: 'assistant.expire-actions', everySeconds: minute, run: expireActions },
    { name: 'assistant.forget-actions', everySeconds: hour, run: forgetActions },
    { name: 'assistant.purge-suggestions', everySeconds: hour, run: purgeSuggestions },
    { name: 'auth.purge-sessions', everySeconds: hour, run: purgeSessions },
    { name: 'privacy.delete-closed-accounts', everySeconds: minute, run: deleteClosedAccounts },
    { name: 'privacy.expire-exports', everySeconds: hour, run: expireExports },
  ];
}
