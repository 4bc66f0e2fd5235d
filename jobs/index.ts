import type { QueueJob } from '../src/kernel/jobs.js';
import { achievementsJobs } from './achievements.js';
import { activityJobs } from './activity.js';
import { filesJobs } from './files.js';
import { notesJobs } from './notes.js';
import { notificationsJobs } from './notifications.js';
import { privacyJobs } from './privacy.js';

/** Every queue and its work. */
export const queueJobs: readonly QueueJob[] = [
  ...activityJobs,
  ...notificationsJobs,
  ...filesJobs,
  ...achievementsJobs,
  ...notesJobs,
  ...privacyJobs,
];
