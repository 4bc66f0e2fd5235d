import { z } from 'zod';
import { AiActionKind } from '../../entities/assistant/action.js';
import { Note } from '../../entities/notes/note.js';
import { record } from '../activity/index.js';
import { noteDeleted } from '../events/notes.js';
import { defineActionKind } from '../kernel/action-kinds.js';
import { AppError } from '../kernel/errors.js';
import { beginningOf, lineOf, paragraphsOf } from '../kernel/text.js';
import { createNote } from './create-note.js';
import { NoteContent } from './note-content.js';

const Proposal = z.strictObject({
  content: z
    .string()
    .max(10_000)
    .describe('What the note says, 1 to 2,000 characters; plain text.')
    .transform(paragraphsOf),
});

/** Characters of a note that its summary shows. */
const shownLength = 60;

/** A new note. */
export const createNoteAction = defineActionKind(Proposal, {
  kind: AiActionKind.CREATE_NOTE,
  description: 'Proposes a note. Use it when the user wants something to be written down.',
  prepare: async (_tx, { content }) => ({
    summary: `Write down “${beginningOf(lineOf(content), shownLength)}”`,
    target: null,
  }),
  execute: async (tx, proposal) => {
    const { note } = await createNote(tx, proposal);
    return { result: { type: 'note', id: note.id }, undo: NoteContent.parse(note) };
  },
  undo: async (tx, undo) => {
    const made = NoteContent.parse(undo);
    const note = await tx.entities().findOne(Note, { accountId: tx.unit.account.id, id: made.id });
    const since = note ? changesSince(made, note) : ['deleted'];
    if (!note || since.length > 0)
      throw new AppError('CONFLICT', `It cannot be taken back: ${since.join(', ')} changed since.`, { fields: since });
    tx.entities().remove(note);
    await record(tx, noteDeleted(note.id, { tombstoneId: null }));
  },
});

/** Which fields of a note its user has changed since it was made. */
function changesSince(made: z.infer<typeof NoteContent>, note: Note): string[] {
  const isConverted = made.convertedToId !== note.convertedToId;
  const written = (['content', 'archived'] as const).filter((name) => made[name] !== note[name]);
  return [...written, ...(isConverted ? ['convertedTo'] : [])];
}
