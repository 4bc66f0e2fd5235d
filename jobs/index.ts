import { achievementsJobs } from './achievements.js';
import { activityJobs } from './activity.js';
import type { QueueJob } from './job.js';
import { notificationsJobs } from './notifications.js';

/** Every queue and its work. */
export const queueJobs: readonly QueueJob[] = [...activityJobs, ...notificationsJobs, ...achievementsJobs];
