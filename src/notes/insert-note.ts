import type { Note } from '../../entities/notes/note.js';
import { requireCapacityForOneMore } from '../accounts/index.js';
import { countRows, type RowTx, sendStatement } from '../kernel/context.js';

/** Writes a note, new or as it was. @throws LIMIT_REACHED */
export async function insertNote(tx: RowTx, note: Note): Promise<void> {
  const { id, accountId, content, archived, convertedToId, createdAt, updatedAt } = note;
  await requireCapacityForOneMore(tx, 'notes', await countRows(tx, 'notes.note'));
  await sendStatement(
    tx,
    `insert into notes.note (account_id, id, content, archived, converted_to_id, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, id, content, archived, convertedToId, createdAt, updatedAt],
  );
}
