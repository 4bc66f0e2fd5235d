import { z } from 'zod';
import { Event } from '../../entities/activity/event.js';
import { type Context, requireAccount, runStatement } from '../kernel/context.js';
import { cursorScope, invalidCursor, readCursor, writeCursor } from '../kernel/cursor.js';
import { type DeclaredErrors, invalid } from '../kernel/errors.js';
import { follow } from '../kernel/follow.js';
import { parse } from '../kernel/input.js';
import { maxPageSize, type Page, pageSize, size } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

const eventRows = rowsWithout(Event, ['accountId', 'number', 'version', 'metadata', 'requestId']);

/** One event of the log, as readers see it. */
export type ChangeRow = RowIn<typeof eventRows> & { readonly number: string };

/** A change and the cursor behind it. */
export interface ChangeEdge {
  readonly cursor: string;
  readonly node: ChangeRow;
}

const list = 'changes';
const First = z.object({ first: size });
const Position = z.tuple([z.string().regex(/^\d{1,15}$/)]);

export const changesErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also a cursor of another list, or one that is older than the log: `expired`',
};

/** What changed after a cursor, in commit order; without one, from the oldest event kept. */
export async function readChanges(
  ctx: Context,
  args: { first?: number | null; after?: string | null },
): Promise<Page<ChangeRow>> {
  const limit = parse(First, { first: args.first }).first ?? pageSize;
  const after = args.after == null ? null : readPosition(ctx, args.after);
  const rows = after === null ? await readOldest(ctx, limit + 1) : await readBeyond(ctx, after, limit + 1);
  const more = rows.length > limit;
  if (more) rows.pop();
  const edges = rows.map((node) => edgeOf(ctx, node));
  return {
    edges,
    totalCount: null,
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: after !== null && after > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/**
 * Follows the log: first what is stored beyond the cursor (without one: beyond now), then what comes. Nothing is
 * skipped or doubled. Ends when the context's signal aborts.
 */
export function followChanges(ctx: Context, after: string | null): AsyncGenerator<ChangeEdge, void, undefined> {
  return follow(ctx, {
    start: () => (after === null ? readHead(ctx) : `${readPosition(ctx, after)}`),
    readBeyond: (number) => readBeyond(ctx, Number(number), maxPageSize),
    edgeOf: (row) => edgeOf(ctx, row),
  });
}

function edgeOf(ctx: Context, node: ChangeRow): ChangeEdge {
  return { cursor: writeCursor(cursorScope(ctx, list), node.number), node };
}

function readPosition(ctx: Context, cursor: string): number {
  const [position] = readCursor(cursor, cursorScope(ctx, list), 'after', Position);
  return Number(position);
}

async function readHead(ctx: Context): Promise<string> {
  const [row] = await runStatement<{ head: string }>(ctx, 'select head from accounts.account where id = $1', [
    requireAccount(ctx),
  ]);
  return row?.head ?? '0';
}

async function readOldest(ctx: Context, limit: number): Promise<ChangeRow[]> {
  return runStatement<ChangeRow>(
    ctx,
    `select number, ${eventRows.columns} from activity.event where account_id = $1 order by number limit $2`,
    [requireAccount(ctx), limit],
  );
}

/** Head and events come from one snapshot; numbers are gapless, so what should follow and is not there has left the log. */
async function readBeyond(ctx: Context, position: number, limit: number): Promise<ChangeRow[]> {
  const rows = await runStatement<{ head: string } & (ChangeRow | { number: null })>(
    ctx,
    `select account.head, event.* from accounts.account left join lateral (
       select number, ${eventRows.columns} from activity.event where account_id = account.id and number > $2 order by number limit $3
     ) event on true where account.id = $1`,
    [requireAccount(ctx), position, limit],
  );
  const head = Number(rows[0]?.head ?? 0);
  if (position > head) throw invalidCursor('after');
  const changes = rows.filter((row) => row.number !== null);
  if (position < head && Number(changes[0]?.number) !== position + 1) {
    throw invalid([{ field: 'after', rule: 'expired: the log no longer reaches back that far; read everything anew' }]);
  }
  return changes;
}
