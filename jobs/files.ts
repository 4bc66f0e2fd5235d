import { ScanFile, scanFile } from '../src/files/index.js';
import { type QueueJob, workOff } from '../src/kernel/jobs.js';

/** Jobs of files. */
export const filesJobs: readonly QueueJob[] = [workOff(ScanFile, scanFile)];
