import { type QueueJob, workOff } from '../src/kernel/jobs.js';
import { LogMovedBrowser, logMovedBrowser, SendPush, sendPush } from '../src/notifications/index.js';

/** Jobs of notifications. */
export const notificationsJobs: readonly QueueJob[] = [
  workOff(SendPush, sendPush),
  workOff(LogMovedBrowser, logMovedBrowser),
];
