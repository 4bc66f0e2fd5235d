import { z } from 'zod';
import { type DeletedItemType, Tombstone } from '../../entities/activity/tombstone.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { deletedItemDropped } from '../events/activity.js';
import { type Context, newId, requireAccount, runStatement, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';
import { transaction } from '../kernel/transaction.js';
import { record } from './record.js';

const itemRows = rowsWithout(Tombstone, ['accountId', 'slot', 'content', 'fileIds']);

/** A deleted thing as reads see it. */
export type DeletedItemRow = RowIn<typeof itemRows>;

/** How many deleted things of an account can be restored: the last ones. */
export const maxTombstones = 3;

/** A thing that is about to be deleted, with everything that it takes to make it again. */
export type NewTombstone = Pick<Tombstone, 'type' | 'entityId' | 'title' | 'content'> & {
  /** The files that it has; none when not given. */
  readonly fileIds?: readonly string[];
};

/** Makes a deleted thing again from its tombstone's content, in the open transaction. */
type Restorer<Item> = (tx: Tx, content: unknown) => Promise<Item>;

/** How each kind of thing is restored: its domain says so. */
export type Restorers<Item> = Readonly<Partial<Record<DeletedItemType, Restorer<Item>>>>;

/** Keeps a deleted thing in a free slot of its account's three, else in place of the oldest one, whose files go. */
export async function addTombstone(tx: Tx, given: NewTombstone): Promise<DeletedItemRow> {
  const { type, entityId, title, content, fileIds = [] } = given;
  const tombstone = { id: newId(tx.clock), type, entityId, title, deletedAt: tx.clock.now() };
  const [dropped] = await runStatement<{ id: string | null; fileIds: string[] | null }>(
    tx,
    `with place as (
       select slot from generate_series(0, ${maxTombstones - 1}) as slot
       left join (select slot, id from activity.tombstone where account_id = $1) as taken using (slot)
       order by taken.id nulls first, slot limit 1
     )
     insert into activity.tombstone (account_id, slot, id, type, entity_id, title, content, deleted_at, file_ids)
     select $1, slot, $2, $3, $4, $5, $6, $7, $8 from place
     on conflict (account_id, slot) do update set id = excluded.id, type = excluded.type, entity_id = excluded.entity_id,
       title = excluded.title, content = excluded.content, deleted_at = excluded.deleted_at, file_ids = excluded.file_ids
     returning old.id, old.file_ids as "fileIds"`,
    [tx.unit.account.id, tombstone.id, type, entityId, title, JSON.stringify(content), tombstone.deletedAt, fileIds],
  );
  if (dropped?.id && dropped.fileIds?.length)
    await record(tx, deletedItemDropped(dropped.id, { fileIds: dropped.fileIds }));
  return tombstone;
}

/** What the caller can restore, the last deleted first: three at most. */
export function listDeletedItems(ctx: Context): Promise<DeletedItemRow[]> {
  return runStatement<DeletedItemRow>(
    ctx,
    `select ${itemRows.columns} from activity.tombstone
     where account_id = $1 order by id desc`,
    [requireAccount(ctx)],
  );
}

const Input = z.strictObject({ id: field.id });

export const restoreDeletedErrors: DeclaredErrors = {
  ...parseErrors,
  ...requireMayErrors,
  LIMIT_REACHED: '',
};

/**
 * Restores a deleted thing; its tombstone goes: restoring it again is NOT_FOUND. When that is refused, the tombstone
 * stays.
 */
export async function restoreDeleted<Item>(
  ctx: Context,
  input: unknown,
  restorers: Restorers<Item>,
): Promise<{ type: DeletedItemType; item: Item }> {
  const { id } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const tombstone = await requireMay(tx, 'write deleted item', await tx.entities().findOne(Tombstone, { id }));
    const restore = restorers[tombstone.type];
    if (!restore) throw new Error(`Nobody restores a ${tombstone.type}.`);
    tx.entities().remove(tombstone);
    return { type: tombstone.type, item: await restore(tx, tombstone.content) };
  });
}
