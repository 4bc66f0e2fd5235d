import { type BatchFunction, type Context, load, runStatement } from './context.js';
import {
  type KeysetList,
  orderOf,
  type Page,
  type PageArguments,
  type PageRequest,
  type Positioned,
  pageRequestOf,
  readPage,
  toPage,
} from './page.js';

/** A list that each of many parents has, such as the messages of a conversation; `where` does not name the parent. */
export interface ChildList extends KeysetList {
  /** The column, a uuid, that says whose child a row is. */
  readonly parentKey: string;
}

/** Pages of one kind of children, and their counts, of whichever parents one operation asks for. */
export interface ChildPages<Row> {
  /** @throws VALIDATION_FAILED */
  read(ctx: Context, parentId: string, args: PageArguments): Promise<Page<Row>>;
  count(ctx: Context, parentId: string): Promise<number>;
}

/**
 * Children of many parents in one statement, whatever their number: a list of parents with a page of children each is
 * what a frontend asks for. Pages behind a cursor are read one by one: a cursor belongs to one parent.
 */
export function childPages<Row extends { id: string }>(listOf: (ctx: Context) => ChildList): ChildPages<Row> {
  const readBy = (backwards: boolean): BatchFunction<Wanted, Page<Row>> => {
    return (ctx, wanted) => readTogether<Row>(ctx, listOf(ctx), wanted, backwards);
  };
  const [firstPages, lastPages] = [readBy(false), readBy(true)];
  const counts: BatchFunction<string, number> = (ctx, parentIds) => countChildren(ctx, listOf(ctx), parentIds);
  return {
    read: async (ctx, parentId, args) => {
      const request = pageRequestOf(args);
      if (request.start !== null) return readPage<Row>(ctx, ofParent(listOf(ctx), parentId), args);
      return load(ctx, request.backwards ? lastPages : firstPages, { parentId, request });
    },
    count: (ctx, parentId) => load(ctx, counts, parentId),
  };
}

/** A first or last page of a parent. */
interface Wanted {
  readonly parentId: string;
  readonly request: PageRequest;
}

function ofParent(list: ChildList, parentId: string): KeysetList {
  return {
    ...list,
    name: nameOf(list, parentId),
    where: `${list.where} and ${list.parentKey} = $${list.values.length + 1}`,
    values: [...list.values, parentId],
  };
}

function nameOf({ name }: ChildList, parentId: string): string {
  return `${name} ${parentId}`;
}

async function readTogether<Row>(
  ctx: Context,
  list: ChildList,
  wanted: readonly Wanted[],
  backwards: boolean,
): Promise<Page<Row>[]> {
  const place = list.values.length + 1;
  const order = orderOf(list, backwards);
  const rows = await runStatement<Positioned<Row> & { asked: number }>(
    ctx,
    `select (asked.number - 1)::int as asked, child.*
     from unnest($${place}::uuid[], $${place + 1}::int[]) with ordinality as asked (parent_id, size, number)
     cross join lateral (
       select ${list.columns}, (${list.sortKey})::text as "sortKey", row_number() over (order by ${order}) as place
       from ${list.from} where ${list.where} and ${list.parentKey} = asked.parent_id
       order by ${order} limit asked.size
     ) as child order by asked.number, child.place`,
    [...list.values, wanted.map(({ parentId }) => parentId), wanted.map(({ request }) => request.limit + 1)],
  );
  const found = wanted.map((): Positioned<Row>[] => []);
  for (const row of rows) found[row.asked]?.push(row);
  return wanted.map(({ parentId, request }, index) =>
    toPage(ctx, { ...list, name: nameOf(list, parentId) }, request, found[index] ?? []),
  );
}

async function countChildren(ctx: Context, list: ChildList, parentIds: readonly string[]): Promise<number[]> {
  const rows = await runStatement<{ parentId: string; count: number }>(
    ctx,
    `select ${list.parentKey} as "parentId", count(*)::int as count from ${list.from}
     where ${list.where} and ${list.parentKey} = any($${list.values.length + 1}::uuid[]) group by 1`,
    [...list.values, parentIds],
  );
  const counts = new Map(rows.map(({ parentId, count }) => [parentId, count]));
  return parentIds.map((id) => counts.get(id) ?? 0);
}
