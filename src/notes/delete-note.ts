import { z } from 'zod';
import { DeletedItemType } from '../../entities/activity/tombstone.js';
import { requireMayErrors } from '../accounts/index.js';
import { addTombstone, type DeletedItemRow, record } from '../activity/index.js';
import { noteDeleted } from '../events/notes.js';
import type { Context } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { beginningOf, lineOf } from '../kernel/text.js';
import { transaction } from '../kernel/transaction.js';
import { loadNote } from './load-note.js';
import { DeletedNote } from './note-content.js';
import { withdrawRecording } from './voice/withdraw-recording.js';

const Input = z.strictObject({ id: field.id });

export const deleteNoteErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** Characters of a note that name it among what was deleted. */
const maxTitleLength = 200;

/** Deletes a note and leaves a tombstone with all of it. Deleting it again is NOT_FOUND. */
export async function deleteNote(ctx: Context, input: unknown): Promise<DeletedItemRow> {
  const { id } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const note = await loadNote(tx, id);
    const voice = await withdrawRecording(tx, id);
    const tombstone = await addTombstone(tx, {
      type: DeletedItemType.NOTE,
      entityId: id,
      title: beginningOf(lineOf(note.content), maxTitleLength),
      content: DeletedNote.parse({ ...note, voice }),
      fileIds: voice ? [voice.fileId] : [],
    });
    tx.entities().remove(note);
    await record(tx, noteDeleted(id, { tombstoneId: tombstone.id }));
    return tombstone;
  });
}
