import { z } from 'zod';
import { type Context, requestPatience, requireAccount, runStatement, sqlStateOf } from './context.js';
import { cursorScope, invalidCursor, KeyAndId, readCursor, UniqueKey, writeCursor } from './cursor.js';
import type { DeclaredErrors } from './errors.js';
import { parse, parseErrors } from './input.js';

/** Which part of a list is asked for: the arguments of a Relay connection. */
export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** Items of a page that nobody gave a size. */
export const pageSize = 25;
/** Items of the largest page. */
export const maxPageSize = 100;
/** The rule of `first` and `last`. */
export const size = z.int().min(1, 'must be at least 1').max(maxPageSize, `must be at most ${maxPageSize}`).nullish();
const cursor = z.string().nullish();
const Arguments = z
  .object({ first: size, after: cursor, last: size, before: cursor })
  .refine(({ first, last }) => first == null || last == null, {
    path: ['last'],
    message: 'cannot be combined with first',
  })
  .refine(({ after, last }) => after == null || last == null, { path: ['after'], message: 'goes with first' })
  .refine(({ before, first }) => before == null || first == null, { path: ['before'], message: 'goes with last' });

/** One page of a list, in the list's order whichever way it was read. */
export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  /** How many the whole list has, 10,000 at most, where that was read along; null says to count. */
  readonly totalCount: number | null;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A list that can be paged by keyset: rows of one user, in the order of `sortKey` and then, unless it is unique, `id`. */
export interface KeysetList {
  /** Names the list in its cursors, filter and order included where they change it. */
  readonly name: string;
  /** Columns to select, `id` among them. */
  readonly columns: string;
  readonly from: string;
  /** Conditions with `$1` … placeholders for `values`. */
  readonly where: string;
  readonly values: readonly unknown[];
  /** A non-null SQL expression and its type. */
  readonly sortKey: string;
  readonly sortType: string;
  /** No two rows of the list share a sort key: then it alone is the order, and a cursor holds nothing else. */
  readonly uniqueSortKey?: boolean;
  readonly descending: boolean;
  /**
   * Conditions, of a list with a unique sort key, that leave out rows for which there is no index; null leaves out none.
   * A page and a count look through the first 10,000 rows only: a page that finds fewer than it may have ends where it
   * stopped looking, and the list goes on there.
   */
  readonly filter?: string | null;
}

/** Some 10 ms of PostgreSQL. */
const maxRowsLookedThrough = 10_000;

/** Which rows of a list a page has. */
export interface PageRequest {
  readonly backwards: boolean;
  readonly limit: number;
  /** The cursor that the page begins behind, seen the way it is read. */
  readonly start: string | null;
}

/** What the arguments of a connection are refused with. */
export const pageErrors: DeclaredErrors = parseErrors;

/** What the arguments of a connection come to. @throws VALIDATION_FAILED */
export function pageRequestOf(args: PageArguments): PageRequest {
  const { first, after, last, before } = parse(Arguments, args);
  const backwards = last != null || before != null;
  return { backwards, limit: (backwards ? last : first) ?? pageSize, start: (backwards ? before : after) ?? null };
}

/** A row with its place in the list, and with the list's count where that was read along. */
export type Positioned<Row> = Row & { readonly id: string; readonly sortKey: string; readonly totalCount?: number };

/**
 * Reads one page: one prepared statement, stable under concurrent writes, with the list's count when that is wanted.
 * @throws VALIDATION_FAILED
 */
export async function readPage<Row extends { id: string }>(
  ctx: Context,
  list: KeysetList,
  args: PageArguments,
  withCount = false,
): Promise<Page<Row>> {
  const request = pageRequestOf(args);
  const { beyond, values } = placeOf(ctx, list, request);
  const text = pageText(list, request, beyond, withCount);
  const found = await lookThrough<Found<Row>>(ctx, list, text, values).catch((error: unknown) => {
    // PostgreSQL's class 22 (data exception): a forged cursor whose key is no value of the sort key's type.
    throw request.start !== null && isDataException(error) ? invalidCursor(fieldOf(request)) : error;
  });
  const page = toPage(ctx, list, request, found.filter(isPlaced));
  const [last, next] = found[0]?.lookedThrough ?? [];
  return last === undefined || next === undefined
    ? page
    : goingOn(page, request, writeCursor(cursorScope(ctx, list.name), last));
}

/** Runs a statement on a list; where it looks through many rows one at a time of each account. @throws UNAVAILABLE */
function lookThrough<Row extends object>(
  ctx: Context,
  { filter }: KeysetList,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const run = () => runStatement<Row>(ctx, text, values);
  return filter == null ? run() : ctx.services.scanSemaphore.run(requireAccount(ctx), requestPatience, run);
}

/** A row, or none where a filter leaves out all; and the sort keys of the last row looked through and the one behind. */
type Found<Row> = (Positioned<Row> | { readonly id: null }) & { readonly lookedThrough?: readonly string[] };

function isPlaced<Row extends { id: string }>(found: Found<Row>): found is Positioned<Row> {
  return found.id !== null;
}

/** Where the page begins, as a condition, and the values of the statement: the limit comes behind the list's own. */
function placeOf(ctx: Context, list: KeysetList, request: PageRequest): { beyond: string; values: readonly unknown[] } {
  const values = [...list.values, request.limit + 1];
  if (request.start === null) return { beyond: '', values };
  const tag = cursorScope(ctx, list.name);
  const given = readCursor(request.start, tag, fieldOf(request), list.uniqueSortKey ? UniqueKey : KeyAndId);
  const keys = keysOf(list);
  const sign = list.descending === request.backwards ? '>' : '<';
  const places = keys.map(({ type }, index) => `$${values.length + 1 + index}::${type}`);
  const beyond = `and (${keys.map(({ key }) => key).join(', ')}) ${sign} (${places.join(', ')})`;
  return { beyond, values: [...values, ...given] };
}

function fieldOf({ backwards }: PageRequest): 'before' | 'after' {
  return backwards ? 'before' : 'after';
}

function pageText(list: KeysetList, { backwards }: PageRequest, beyond: string, withCount: boolean): string {
  const { sortKey, sortType, filter } = list;
  const count = withCount ? `, (${countText(list)}) as "totalCount"` : '';
  const selected = `${list.columns}, (${sortKey})::text as "sortKey" ${count}`;
  const order = orderOf(list, backwards);
  const limit = `limit $${list.values.length + 1}`;
  const rows = `from ${list.from} where ${list.where} ${beyond} order by ${order}`;
  if (filter == null) return `select ${selected} ${rows} ${limit}`;
  return `select page.*, "lookedThrough"
    from (select array(select (${sortKey})::text as "sortKey" ${rows} offset ${maxRowsLookedThrough - 1} limit 2)) as look ("lookedThrough")
    left join (
      select ${selected} from (select * ${rows} limit ${maxRowsLookedThrough}) as looked where ${filter} order by ${order} ${limit}
    ) as page on true
    order by page."sortKey"::${sortType} ${list.descending === backwards ? 'asc' : 'desc'}`;
}

/** A page behind which there is more than was looked through, unless it is full. */
function goingOn<Node>(page: Page<Node>, { backwards }: PageRequest, end: string): Page<Node> {
  const { hasNextPage, hasPreviousPage } = page.pageInfo;
  if (backwards ? hasPreviousPage : hasNextPage) return page;
  const place = backwards ? { hasPreviousPage: true, startCursor: end } : { hasNextPage: true, endCursor: end };
  return { ...page, pageInfo: { ...page.pageInfo, ...place } };
}

/** The page of rows that were read in the direction of the request, one more than its limit if there are more. */
export function toPage<Row>(
  ctx: Context,
  list: Pick<KeysetList, 'name' | 'uniqueSortKey'>,
  { backwards, limit, start }: PageRequest,
  found: readonly Positioned<Row>[],
): Page<Positioned<Row>> {
  const more = found.length > limit;
  const rows = found.slice(0, limit);
  if (backwards) rows.reverse();
  let tag: string | undefined;
  const cursorOf = ({ sortKey, id }: Positioned<Row>) => {
    tag ??= cursorScope(ctx, list.name);
    return list.uniqueSortKey ? writeCursor(tag, sortKey) : writeCursor(tag, sortKey, id);
  };
  const edges = rows.map((row) => new Edge(row, cursorOf));
  return {
    edges,
    // Nothing from the very beginning on: nothing at all.
    totalCount: rows.length === 0 && start === null ? 0 : (rows[0]?.totalCount ?? null),
    pageInfo: {
      hasNextPage: backwards ? start !== null : more,
      hasPreviousPage: backwards ? more : start !== null,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
  };
}

/** An item of a page, whose cursor is made when somebody asks for it. */
class Edge<Node> {
  constructor(
    readonly node: Node,
    private readonly cursorOf: (node: Node) => string,
  ) {}

  get cursor(): string {
    return this.cursorOf(this.node);
  }
}

/** How a list is sorted when it is read this way. */
export function orderOf(list: KeysetList, backwards: boolean): string {
  const direction = list.descending === backwards ? 'asc' : 'desc';
  return keysOf(list)
    .map(({ key }) => `${key} ${direction}`)
    .join(', ');
}

function keysOf({ sortKey, sortType, uniqueSortKey }: KeysetList): { key: string; type: string }[] {
  const first = { key: sortKey, type: sortType };
  return uniqueSortKey ? [first] : [first, { key: 'id', type: 'uuid' }];
}

/** Counts the list, up to 10,000. */
export async function countList(ctx: Context, list: KeysetList): Promise<number> {
  const [row] = await lookThrough<{ count: number }>(ctx, list, countText(list), list.values);
  return row?.count ?? 0;
}

function countText(list: KeysetList): string {
  const { from, where, filter } = list;
  const limit = `limit ${maxRowsLookedThrough}`;
  if (filter == null)
    return `select count(*)::int as count from (select from ${from} where ${where} ${limit}) as counted`;
  const rows = `select * from ${from} where ${where} order by ${orderOf(list, false)} ${limit}`;
  return `select count(*)::int as count from (${rows}) as looked where ${filter}`;
}

function isDataException(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('22') ?? false;
}
