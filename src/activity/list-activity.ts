import { z } from 'zod';
import { type Event, Source } from '../../entities/activity/event.js';
import { type Context, requireUser } from '../context.js';
import { anyOf, id, line, moment, parse } from '../input.js';
import { countList, type KeysetList, type Page, type PageArguments, readPage } from '../page.js';
import { type RowOf, selectList } from '../rows.js';
import type { Timestamp } from '../scalars.js';
import { daysKept } from './upkeep.js';

const dayMs = 86_400_000;
const mostTypes = 50;
const Filter = z
  .strictObject({
    types: anyOf(line(1, 100), mostTypes),
    entityType: line(1, 100).nullish(),
    entityId: id.nullish(),
    source: z.enum(Source).nullish(),
    from: moment.nullish(),
    before: moment.nullish(),
  })
  .nullish();

/** One event of the log, as its user reads it; its id is its number in its account's log. */
export type ActivityRow = Omit<RowOf<Event>, 'userId' | 'number' | 'requestId' | 'at'> & {
  readonly id: string;
  readonly createdAt: Timestamp;
};

const columns = selectList<ActivityRow>({
  id: 'number::text',
  type: 'type',
  source: 'source',
  entityType: 'entity_type',
  entityId: 'entity_id',
  metadata: 'metadata',
  createdAt: 'at',
});

function activityOf(ctx: Context, given: unknown): KeysetList {
  const { filter } = parse(z.object({ filter: Filter }), { filter: given });
  const oldest = new Date(ctx.clock.now().getTime() - daysKept * dayMs);
  return {
    name: 'activity',
    columns,
    from: 'activity.event',
    // The first of two bounds on `at` spares the partitions that are older.
    where: `user_id = $1 and at >= $2 and ($3::text[] is null or type = any($3))
      and ($4::text is null or entity_type = $4) and ($5::uuid is null or entity_id = $5)
      and ($6::text is null or source = $6) and ($7::timestamptz is null or at < $7)`,
    values: [
      requireUser(ctx).id,
      filter?.from && filter.from > oldest ? filter.from : oldest,
      filter?.types ?? null,
      filter?.entityType ?? null,
      filter?.entityId ?? null,
      filter?.source ?? null,
      filter?.before ?? null,
    ],
    sortKey: 'number',
    sortType: 'bigint',
    sortKeyIsUnique: true,
    descending: true,
  };
}

/** What happened to the caller's account in the last 30 days, newest first. @throws VALIDATION_FAILED */
export function listActivity(ctx: Context, filter: unknown, page: PageArguments): Promise<Page<ActivityRow>> {
  return readPage<ActivityRow>(ctx, activityOf(ctx, filter), page);
}

/** How much of it there is. */
export function countActivity(ctx: Context, filter: unknown): Promise<number> {
  return countList(ctx, activityOf(ctx, filter));
}
