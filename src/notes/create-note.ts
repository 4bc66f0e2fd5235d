import { z } from 'zod';
import { Note } from '../../entities/notes/note.js';
import { unlockedIn } from '../achievements/index.js';
import { record } from '../activity/index.js';
import { noteCreated } from '../events/notes.js';
import { type Context, newId } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { insertNote } from './insert-note.js';
import { content } from './note-input.js';
import type { WrittenNote } from './written-note.js';

const Input = z.strictObject({ content });

export const createNoteErrors: DeclaredErrors = { ...parseErrors, LIMIT_REACHED: '`notes`' };

/** Writes down a note. Repeating it makes another, unless an idempotency key says otherwise. */
export async function createNote(ctx: Context, input: unknown): Promise<WrittenNote> {
  const { content } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const before = tx.unit.head;
    const accountId = tx.unit.account.id;
    const note = new Note({ id: newId(tx.clock), accountId, content, createdAt: tx.clock.now() });
    await insertNote(tx, note);
    await record(tx, noteCreated(note.id, {}));
    return { note, unlockedAchievements: unlockedIn(tx, before) };
  });
}
