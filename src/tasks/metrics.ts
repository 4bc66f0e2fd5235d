import { defineCounter, defineHistogram } from '../kernel/metrics.js';

export const rulesEvaluated = defineCounter(
  'recurrence_rules_evaluated_total',
  'Recurrence rules whose next dates were calculated for a reader.',
  {},
);

/** A second is usual: due reminders are looked for once a second. */
export const reminderLag = defineHistogram(
  'reminder_lag_seconds',
  'From the moment for which a reminder was set to when it fired.',
  {},
  [1, 2, 5, 10, 30, 60, 300, 1_800, 3_600],
);
