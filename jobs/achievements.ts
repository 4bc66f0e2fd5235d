import { Recompute, runRecompute } from '../src/achievements/index.js';
import type { QueueJob } from './job.js';

/** Jobs of achievements. */
export const achievementsJobs: readonly QueueJob[] = [{ queue: Recompute, run: runRecompute }];
