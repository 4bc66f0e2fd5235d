import { daysKept } from '../../entities/activity/event.js';
import {
  type Context,
  lockNotAvailable,
  logFailure,
  type RunStatement,
  runStatement,
  sqlStateOf,
} from '../kernel/context.js';
import { dayMs, dayOf } from '../kernel/days.js';

/** Partitions made ahead, so that a worker may be away this long before events fall into the default partition. */
const daysAhead = 7;

/** Writers of the log wait no longer for the making of a partition that has to wait itself, for a dump perhaps. */
const shortWaitMs = 300;
/** SQLSTATE of a day that is to be kept, since our clock is ahead of the database's. */
const isKept = '23001';
/** And of what another worker made at the same time, and of a day that began in the default partition at that very moment. */
const expected: ReadonlySet<string | null> = new Set(['23505', '42P07', '23514', isKept]);

/**
 * Makes the log's coming daily partitions and drops those that are past their 30 days. Run again it finds nothing to
 * do; a day that already has events in the default partition stays there. While somebody reads the whole log nothing
 * is made nor dropped: the next run will. The owner's functions do it, and refuse to drop what is to be kept.
 */
export async function keepEventPartitions(ctx: Context): Promise<void> {
  const today = Math.floor(ctx.clock.now().getTime() / dayMs);
  const names = await readPartitions(ctx.services.runStatement);
  const oldest = partitionOf(today - daysKept);
  const coming = Array.from({ length: daysAhead + 1 }, (_, ahead) => today + ahead);
  const missing = coming.filter((day) => !names.has(partitionOf(day)));
  const begun = await begunWithout(ctx.services.runStatement, missing);
  const statements = [
    ...missing.filter((day) => !begun.has(day)).map((day) => callOf('make_event_partition', partitionOf(day))),
    // The oldest first: when one is to be kept, so are those after it.
    ...[...names]
      .filter((name) => name < oldest)
      .sort()
      .map((name) => callOf('drop_event_partition', name)),
  ];
  for (const statement of statements) if (!(await isTried(ctx, statement))) return;
  await runStatement(ctx, 'select upkeep.forget_events_without_partition()', []);
}

/** The names of the log's daily partitions. */
async function readPartitions(runStatement: RunStatement): Promise<ReadonlySet<string>> {
  const present = await runStatement<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'activity.event'::regclass and c.relname ~ '^event_\\d{8}$'`,
    [],
  );
  return new Set(present.map(({ name }) => name));
}

/** Days that have partitions in any case while workers run: the newest is made within the hour. */
const daysExpected = 3;

/**
 * Which of today and the coming two days the log has no partition for, as `2026-11-21`: for `doctor`. Today is not among
 * them where it began without one, as on the first day: it gets none any more.
 */
export async function missingPartitions(runStatement: RunStatement, now: Date): Promise<string[]> {
  const names = await readPartitions(runStatement);
  const today = Math.floor(now.getTime() / dayMs);
  const days = Array.from({ length: daysExpected }, (_, ahead) => today + ahead);
  const missing = days.filter((day) => !names.has(partitionOf(day)));
  const begun = await begunWithout(runStatement, missing);
  return missing.filter((day) => !begun.has(day)).map((day) => dayOf(new Date(day * dayMs)));
}

/** The days that have events without having a partition, as when time was moved: PostgreSQL keeps those where they are. */
async function begunWithout(runStatement: RunStatement, days: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await runStatement<{ day: number }>(
    `select day from unnest($1::int[]) as day where exists (
       select from activity.event where at >= to_timestamp(day * 86400.0) and at < to_timestamp((day + 1) * 86400.0))`,
    [days],
  );
  return new Set(rows.map(({ day }) => day));
}

function callOf(what: 'make_event_partition' | 'drop_event_partition', partition: string): string {
  return `select upkeep.${what}('${partition.slice(-dayDigits)}')`;
}

/** Changes the log's partitions. False when there is no use in trying more. */
async function isTried(ctx: Context, statement: string): Promise<boolean> {
  try {
    await ctx.services.orm.em.fork().transactional(async (em) => {
      await em.execute(`set local lock_timeout = ${shortWaitMs}`);
      await em.execute(statement);
    });
    return true;
  } catch (error) {
    const state = sqlStateOf(error);
    // The log works without it.
    if (!expected.has(state)) logFailure(ctx.log, error, { statement }, 'a partition was neither made nor dropped');
    return state !== lockNotAvailable && state !== isKept;
  }
}

/** `event_20261127`: PostgreSQL reads the digits as a day. */
const dayDigits = 8;

function partitionOf(day: number): string {
  return `event_${dayOf(new Date(day * dayMs)).replaceAll('-', '')}`;
}

/** Forgets idempotency keys that are past their 24 hours. */
export async function purgeIdempotencyKeys(ctx: Context): Promise<void> {
  await runStatement(ctx, 'delete from activity.idempotency_key where expires_at <= $1', [ctx.clock.now()]);
}

/** Forgets what operators did a year ago. The owner's function does it, since the processes may only add to it. */
export async function forgetOperatorActions(ctx: Context): Promise<void> {
  await runStatement(ctx, 'select upkeep.forget_operator_actions()', []);
}
