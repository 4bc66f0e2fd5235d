import { type QueueJob, workOff } from '../src/kernel/jobs.js';
import { BuildExport, buildExport } from '../src/privacy/index.js';

/** Jobs of what accounts are told of themselves. */
export const privacyJobs: readonly QueueJob[] = [workOff(BuildExport, buildExport)];
