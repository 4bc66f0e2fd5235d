import { Recompute, runRecompute } from '../src/achievements/index.js';
import { type QueueJob, workOff } from '../src/kernel/jobs.js';

/** Jobs of achievements. */
export const achievementsJobs: readonly QueueJob[] = [workOff(Recompute, runRecompute)];
