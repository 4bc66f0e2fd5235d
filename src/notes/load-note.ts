import { Note } from '../../entities/notes/note.js';
import { requireMay } from '../accounts/index.js';
import type { Tx } from '../kernel/context.js';

/** The caller's note, to be changed. @throws NOT_FOUND, FORBIDDEN */
export async function loadNote(tx: Tx, id: string): Promise<Note> {
  return requireMay(tx, 'write note', await tx.entities().findOne(Note, { id }));
}
