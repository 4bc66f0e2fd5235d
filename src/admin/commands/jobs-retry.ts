import { z } from 'zod';
import { actOnNoAccount } from '../../activity/index.js';
import { field } from '../../kernel/input.js';
import { counted } from '../../kernel/text.js';
import { actOf, defineCommand, UsageError } from '../command.js';

/** Failed jobs that one call has run again. */
const maxRetried = 1_000;

export const jobsRetry = defineCommand({
  name: 'jobs retry',
  says: `Has a failed job run once more, or all of a queue, the oldest ${maxRetried} at most.`,
  words: ['job-or-queue'],
  input: z.strictObject({ 'job-or-queue': z.string('must be the id of a job, or the name of a queue') }),
  changes: true,
  run: async (session, { 'job-or-queue': named }) => {
    const ctx = await session.open();
    const { queue } = ctx.services;
    const id = field.id.safeParse(named).data ?? null;
    const failed = await queue.find({ queue: id ? null : named, id, states: ['FAILED'], limit: maxRetried });
    const [first] = failed;
    if (!first) throw new UsageError(`There is no failed job of ${JSON.stringify(named)}.`);
    const ids = failed.map((job) => job.id);
    const facts = await actOnNoAccount(ctx, actOf(session, 'JOBS_RETRIED'), async (runStatement) => ({
      queue: first.queue,
      jobs: await queue.retry(first.queue, ids, async (text, values = []) => ({
        rows: await runStatement(text, values),
      })),
      ...(id ? { job: id } : {}),
    }));
    const count = facts?.jobs ?? 0;
    return {
      data: { queue: first.queue, retried: count },
      text: `${first.queue}: ${counted(count, 'job')} will run again.`,
    };
  },
});
