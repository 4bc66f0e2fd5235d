import { z } from 'zod';

/** Where a job stands: nobody has taken it yet, it runs, or it has failed and nobody will run it again. */
const jobStates = ['WAITING', 'ACTIVE', 'FAILED'] as const;
type JobState = (typeof jobStates)[number];

/** As the queue's tables have it. */
const storedStates: Readonly<Record<JobState, readonly string[]>> = {
  WAITING: ['created', 'retry'],
  ACTIVE: ['active'],
  FAILED: ['failed'],
};

/** Which jobs are asked for. */
export interface JobFilter {
  /** Null for all queues. */
  readonly queue: string | null;
  /** Null for all jobs of it. */
  readonly id: string | null;
  readonly states: readonly JobState[];
  /** Jobs at most. */
  readonly limit: number;
}

const moment = z.date().nullable();
/** A job as operators see it: never what it carries. */
export const QueuedJob = z.object({
  id: z.string(),
  queue: z.string(),
  state: z.enum(jobStates),
  /** Tries that failed, and how many more than the first there may be. */
  retryCount: z.number(),
  retryLimit: z.number(),
  createdAt: moment,
  startAfter: moment,
  endedAt: moment,
  /** Why the last try failed. */
  reason: z.string().nullable(),
  accountId: z.string().nullable(),
  requestId: z.string().nullable(),
});
export type QueuedJob = z.infer<typeof QueuedJob>;

/** Characters of a reason. */
const maxReason = 500;

/** The statement that reads such jobs, the oldest first, and its values. */
export function jobsStatement({ queue, id, states, limit }: JobFilter): { text: string; values: unknown[] } {
  const text = `
    select id::text, name as queue,
      case when state = 'active' then 'ACTIVE' when state = 'failed' then 'FAILED' else 'WAITING' end as state,
      retry_count as "retryCount", retry_limit as "retryLimit", created_on as "createdAt", start_after as "startAfter",
      completed_on as "endedAt", left(output ->> 'message', ${maxReason}) as reason, data ->> 'accountId' as "accountId",
      data ->> 'requestId' as "requestId"
    from pgboss.job
    where state::text = any($1::text[]) and ($2::text is null or name = $2) and ($3::uuid is null or id = $3)
    order by created_on, id limit $4`;
  return { text, values: [states.flatMap((state) => storedStates[state]), queue, id, limit] };
}
