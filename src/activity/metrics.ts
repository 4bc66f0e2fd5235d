import { anyOfFew, defineCounter } from '../kernel/metrics.js';

/** By the subscriber's name: there are as many as `src/subscribers.ts` has. */
export const subscriberFailures = defineCounter(
  'event_subscriber_failures_total',
  'Event subscribers that failed and were handed to a job.',
  { subscriber: anyOfFew },
);
