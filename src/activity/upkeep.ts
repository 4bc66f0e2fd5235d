import { type Context, runStatement } from '../context.js';

const dayMs = 86_400_000;
/** Days of the log that users can read. */
export const daysKept = 30;
/** Partitions made ahead, so that a worker may be away this long before events fall into the default partition. */
const daysAhead = 7;

/**
 * Makes the log's coming daily partitions and drops those that are past their 30 days. Run again it finds nothing to
 * do; a day that already has events in the default partition stays there.
 */
export async function keepEventPartitions(ctx: Context): Promise<void> {
  const today = Math.floor(ctx.clock.now().getTime() / dayMs);
  const present = await runStatement<{ name: string }>(
    ctx,
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'activity.event'::regclass and c.relname ~ '^event_\\d{8}$'`,
    [],
  );
  const names = new Set(present.map(({ name }) => name));
  for (let day = today; day <= today + daysAhead; day += 1) {
    if (!names.has(partitionOf(day))) await makePartition(ctx, day);
  }
  const oldest = partitionOf(today - daysKept);
  for (const name of names) {
    if (name < oldest) await runStatement(ctx, `drop table if exists activity.${name}`, []);
  }
  await runStatement(ctx, 'delete from activity.event_default where at < $1', [new Date((today - daysKept) * dayMs)]);
}

async function makePartition(ctx: Context, day: number): Promise<void> {
  const from = new Date(day * dayMs).toISOString();
  const to = new Date((day + 1) * dayMs).toISOString();
  try {
    await runStatement(
      ctx,
      `create table if not exists activity.${partitionOf(day)} partition of activity.event
       for values from ('${from}') to ('${to}')`,
      [],
    );
  } catch (error) {
    // Two workers at once, or a day that began in the default partition: the log works without it.
    ctx.log.info({ error, partition: partitionOf(day) }, 'a partition was not made');
  }
}

function partitionOf(day: number): string {
  return `event_${new Date(day * dayMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** Forgets idempotency keys that are past their 24 hours. */
export async function purgeIdempotencyKeys(ctx: Context): Promise<void> {
  await runStatement(ctx, 'delete from activity.idempotency_key where expires_at <= $1', [ctx.clock.now()]);
}
