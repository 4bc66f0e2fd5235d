import { z } from 'zod';
import { requireMayErrors } from '../accounts/index.js';
import { unlockedIn } from '../achievements/index.js';
import { record } from '../activity/index.js';
import { noteUpdated } from '../events/notes.js';
import type { Context } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { field, parse, parseErrors } from '../kernel/input.js';
import { transaction } from '../kernel/transaction.js';
import { loadNote } from './load-note.js';
import { content } from './note-input.js';
import type { WrittenNote } from './written-note.js';

const Input = z.strictObject({ id: field.id, content: content.optional(), archived: z.boolean().optional() });

export const updateNoteErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** Changes what is given. With nothing to change, nothing is written. */
export async function updateNote(ctx: Context, input: unknown): Promise<WrittenNote> {
  const { id, ...given } = parse(Input, input);
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return transaction(ctx, async (tx) => {
    const before = tx.unit.head;
    const note = await loadNote(tx, id);
    const fields = Object.keys(changes);
    if (fields.length === 0) return { note, unlockedAchievements: [] };
    Object.assign(note, changes, { updatedAt: tx.clock.now() });
    await record(tx, noteUpdated(id, { fields }));
    return { note, unlockedAchievements: unlockedIn(tx, before) };
  });
}
