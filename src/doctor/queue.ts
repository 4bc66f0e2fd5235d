import { queueJobs } from '../../jobs/index.js';
import type { Finding } from '../admin/finding.js';
import { counted } from '../kernel/text.js';
import { createLog } from '../platform/log.js';
import { createMetrics } from '../platform/metrics.js';
import { Queue } from '../platform/queue/queue.js';
import { readDepths } from '../platform/queue/queue-depth.js';
import { inTime, ok, reasonOf, type Variables, warning, wrong } from './check.js';
import { directUrlOf } from './database-url.js';

const check = 'queue';
/** Seconds after which a job that is due should have been taken. */
const worrySeconds = 60;
/** Failed jobs that are counted. */
const maxCounted = 1_000;

/** Whether the queue's tables are what the code needs, somebody works it off, and nothing has failed for good. */
export async function checkQueue(variables: Variables): Promise<readonly Finding[]> {
  const queue = new Queue(directUrlOf(variables), createLog('silent'), createMetrics(), null);
  try {
    await inTime(queue.open());
  } catch (error) {
    return [wrong(check, `Its tables cannot be used: ${reasonOf(error)}.`, 'Stop the processes, then run `migrate`.')];
  }
  try {
    return await look(queue);
  } finally {
    await queue.close(0);
  }
}

async function look(queue: Queue): Promise<readonly Finding[]> {
  const names = queueJobs.map((job) => job.queue.name);
  const depths = await readDepths(queue, names);
  const late = depths.filter(({ oldestSeconds }) => oldestSeconds > worrySeconds);
  const failed = await queue.find({ queue: null, id: null, states: ['FAILED'], limit: maxCounted });
  const waiting = depths.reduce((sum, { due, delayed }) => sum + due + delayed, 0);
  const findings = [
    ...late.map(({ name, due, oldestSeconds }) => {
      const says = `${name}: ${counted(due, 'job')} due, the oldest for ${Math.round(oldestSeconds)} s.`;
      return wrong(check, says, 'Start a worker, or more of them; the log of those that run says what hinders them.');
    }),
    ...[...Map.groupBy(failed, (job) => job.queue)].map(([name, { length }]) => {
      const advice = `See why with \`admin jobs list --queue ${name} --state FAILED\`, then \`admin jobs retry\`.`;
      return warning(check, `${name}: ${counted(length, 'job')} failed for good.`, advice);
    }),
  ];
  return findings.length > 0
    ? findings
    : [ok(check, `${counted(waiting, 'job')} waiting, none for long, none failed.`)];
}
