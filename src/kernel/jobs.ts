import { z } from 'zod';
import type { Attempt, QueueDefinition } from '../platform/queue/queue-worker.js';
import { type Context, runStatement } from './context.js';
import { type Upgrade, versionedShape } from './versioned.js';

/** One kind of job: its queue, and the shape of what its jobs carry. */
export interface JobDefinition<Data> extends QueueDefinition {
  /** Of the data's shape. */
  readonly version: number;
  dataOf(stored: Envelope): Data;
}

/** What a queue stores of a job. */
const Envelope = z.object({
  version: z.int().positive(),
  requestId: z.string(),
  /** For whom it was sent; jobs of earlier versions do not say. */
  accountId: z.string().nullish(),
  data: z.unknown(),
});
type Envelope = z.infer<typeof Envelope>;

/**
 * Defines a kind of job. Jobs outlive a deployment: when the shape of their data changes, `upgrades` brings that of
 * waiting jobs on, the first from version 1 to 2, and so on.
 */
export function defineJob<Shape extends z.ZodType>(
  name: string,
  data: Shape,
  queue: Omit<QueueDefinition, 'name'>,
  upgrades: readonly Upgrade[] = [],
): JobDefinition<z.output<Shape>> {
  const { version, read } = versionedShape(data, upgrades);
  return { name, ...queue, version, dataOf: (stored) => read(stored.data, stored.version) };
}

/** Sends a job: one that an open transaction sends exists only if that commits. */
export function sendJob<Data>(
  ctx: Context,
  { dataOf, version, ...queue }: JobDefinition<Data>,
  data: Data,
): Promise<void> {
  const stored: Envelope = { version, requestId: ctx.requestId, accountId: ctx.accountId, data };
  return ctx.services.queue.send(queue, stored, async (text, values = []) => ({
    rows: await runStatement(ctx, text, values),
  }));
}

/** A queue and its work, for a worker. */
export interface QueueJob {
  readonly queue: QueueDefinition;
  /** What the log says of a stored job. */
  readonly fieldsOf: (stored: unknown) => object;
  readonly run: (ctx: Context, stored: unknown, attempt: Attempt) => Promise<void>;
}

/** Has `work` do the jobs of a kind; what it logs and records names the request that sent the job. */
export function workOff<Data>(
  { dataOf, version, ...queue }: JobDefinition<Data>,
  work: (ctx: Context, data: Data, attempt: Attempt) => Promise<unknown>,
): QueueJob {
  return {
    queue,
    fieldsOf: (stored) => {
      const { data } = Envelope.safeParse(stored);
      return data ? fieldsOf(data) : {};
    },
    run: async (ctx, stored, attempt) => {
      const envelope = Envelope.parse(stored);
      const log = ctx.log.with(fieldsOf(envelope));
      await work({ ...ctx, log, requestId: envelope.requestId }, dataOf(envelope), attempt);
    },
  };
}

function fieldsOf({ requestId, accountId }: Envelope): object {
  return accountId ? { requestId, account: accountId } : { requestId };
}
