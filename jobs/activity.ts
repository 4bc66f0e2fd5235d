import { RetrySubscriber, retrySubscriber } from '../src/activity/index.js';
import type { QueueJob } from './job.js';

/** Jobs of the event log. */
export const activityJobs: readonly QueueJob[] = [{ queue: RetrySubscriber, run: retrySubscriber }];
