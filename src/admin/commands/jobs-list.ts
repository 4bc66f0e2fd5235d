import { z } from 'zod';
import { defineCommand, limitOption, typedLimit } from '../command.js';
import { momentOf, tableOf } from '../print.js';

const states = ['WAITING', 'ACTIVE', 'FAILED'] as const;

export const jobsList = defineCommand({
  name: 'jobs list',
  says: 'Shows jobs that wait or have failed, the oldest first; never what they carry.',
  words: [],
  options: {
    queue: { value: 'QUEUE', says: 'Of one queue only.' },
    state: { value: 'STATE', says: `Of one state only: ${states.join(', ')}; WAITING and FAILED when not given.` },
    ...limitOption,
  },
  input: z.strictObject({
    queue: z.string().optional(),
    state: z.enum(states, `must be one of ${states.join(', ')}`).optional(),
    limit: typedLimit,
  }),
  changes: false,
  run: async (session, { queue = null, state, limit }) => {
    const { services } = await session.open();
    const asked = state ? [state] : (['WAITING', 'FAILED'] as const);
    const jobs = await services.queue.find({ queue, id: null, states: asked, limit });
    const data = jobs.map(({ createdAt, startAfter, endedAt, ...job }) => ({
      ...job,
      ...{ createdAt: momentOf(createdAt), startAfter: momentOf(startAfter), endedAt: momentOf(endedAt) },
    }));
    const rows = data.map((job) => [job.queue, job.id, job.state, job.retryCount, job.createdAt, job.reason]);
    const counts = Map.groupBy(data, (job) => `${job.queue} ${job.state}`);
    const summary = [...counts].sort().map(([name, { length }]) => `${name}: ${length}`);
    const table = tableOf(['queue', 'id', 'state', 'tries', 'since', 'why it failed'], rows, 'none', limit);
    return { data, text: [table, ...(summary.length > 0 ? ['', ...summary] : [])].join('\n') };
  },
});
