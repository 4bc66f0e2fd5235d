import { LogMovedBrowser, logMovedBrowser, SendPush, sendPush } from '../src/notifications/index.js';
import type { QueueJob } from './job.js';

/** Jobs of notifications. */
export const notificationsJobs: readonly QueueJob[] = [
  { queue: SendPush, run: sendPush },
  { queue: LogMovedBrowser, run: logMovedBrowser },
];
