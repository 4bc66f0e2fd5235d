import { z } from 'zod';
import { daysKept, Event, Source } from '../../entities/activity/event.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { dayMs } from '../kernel/days.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';
import type { Timestamp } from '../kernel/scalars.js';

const maxTypes = 50;
const Filter = z
  .strictObject({
    types: field.anyOf(field.line(1, 100), maxTypes),
    entityType: field.line(1, 100).nullish(),
    entityId: field.id.nullish(),
    source: z.enum(Source).nullish(),
    from: field.moment.nullish(),
    before: field.moment.nullish(),
  })
  .nullish();

const eventRows = rowsWithout(Event, ['accountId', 'number', 'version', 'requestId', 'at']);

/** One event of the log, as its user reads it; its id is its number in its account's log. */
export type ActivityRow = RowIn<typeof eventRows> & {
  readonly id: string;
  readonly createdAt: Timestamp;
};

type GivenFilter = z.output<typeof Filter>;

function readFilter(given: unknown): GivenFilter {
  return parse(z.object({ filter: Filter }), { filter: given }).filter;
}

/** The time of which entries are asked for, as values: it begins with what is kept at the earliest. */
function spanOf(ctx: Context, filter: GivenFilter): [string, Date, Date | null] {
  const oldest = new Date(ctx.clock.now().getTime() - daysKept * dayMs);
  const from = filter?.from && filter.from > oldest ? filter.from : oldest;
  return [requireAccount(ctx), from, filter?.before ?? null];
}

/** The first of two bounds on `at` spares the partitions that are older. */
const ofSpan = 'account_id = $1 and at >= $2 and ($3::timestamptz is null or at < $3)';

function activityOf(ctx: Context, filter: GivenFilter): KeysetList {
  const { types, entityType, entityId, source } = filter ?? {};
  const chosen = [types, entityType, entityId, source].map((each) => each ?? null);
  const isFiltered = chosen.some((each) => each !== null);
  return {
    name: 'activity',
    columns: `number::text as id, at as "createdAt", ${eventRows.columns}`,
    from: 'activity.event',
    where: ofSpan,
    values: [...spanOf(ctx, filter), ...(isFiltered ? chosen : [])],
    sortKey: 'number',
    sortType: 'bigint',
    uniqueSortKey: true,
    descending: true,
    filter: isFiltered
      ? `($4::text[] is null or type = any($4)) and ($5::text is null or entity_type = $5)
         and ($6::uuid is null or entity_id = $6) and ($7::text is null or source = $7)`
      : null,
  };
}

export const listActivityErrors: DeclaredErrors = { ...parseErrors, ...pageErrors };

/** What happened to the caller's account in the last 30 days, newest first. */
export function listActivity(ctx: Context, filter: unknown, page: PageArguments): Promise<Page<ActivityRow>> {
  return readPage<ActivityRow>(ctx, activityOf(ctx, readFilter(filter)), page);
}

/** How much of it there is. */
export async function countActivity(ctx: Context, given: unknown): Promise<number> {
  const filter = readFilter(given);
  const list = activityOf(ctx, filter);
  return list.filter === null ? countSpan(ctx, filter) : countList(ctx, list);
}

/** Numbers are gapless. */
async function countSpan(ctx: Context, filter: GivenFilter): Promise<number> {
  const end = (order: 'asc' | 'desc') =>
    `(select number from activity.event where ${ofSpan} order by number ${order} limit 1)`;
  const [row] = await runStatement<{ count: number }>(
    ctx,
    `select coalesce(${end('desc')} - ${end('asc')} + 1, 0)::int as count`,
    spanOf(ctx, filter),
  );
  return row?.count ?? 0;
}
