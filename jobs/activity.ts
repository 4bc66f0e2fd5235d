import { RetrySubscriber, retrySubscriber } from '../src/activity/index.js';
import { type QueueJob, workOff } from '../src/kernel/jobs.js';

/** Jobs of the event log. */
export const activityJobs: readonly QueueJob[] = [workOff(RetrySubscriber, retrySubscriber)];
