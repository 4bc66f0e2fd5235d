import { z } from 'zod';
import { AiActionKind } from '../../entities/assistant/action.js';
import { Note } from '../../entities/notes/note.js';
import { TranscriptionState } from '../../entities/notes/recording.js';
import { record } from '../activity/index.js';
import { noteConverted, noteUpdated } from '../events/notes.js';
import { defineActionKind } from '../kernel/action-kinds.js';
import { load, type Tx } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { beginningOf, lineOf } from '../kernel/text.js';
import { createTaskAction, TaskProposal, unsafeTasksById } from '../tasks/index.js';
import { loadNote } from './load-note.js';
import { NoteContent } from './note-content.js';
import { readNoteMarks } from './note-marks.js';
import { recordingsByNote } from './voice/recording-rows.js';

const Proposal = TaskProposal.pick({ title: true, description: true, priority: true, dueDate: true }).extend({
  noteId: z.uuid().describe('The id of the note, as it stands in the list of notes.'),
});

/** What a conversion leaves behind: the task as it was made, the note before it and behind it. */
const Converted = z.object({ task: z.unknown(), before: NoteContent, after: NoteContent });

/** Characters of a title that a summary shows. */
const shownLength = 100;

/** A task in place of a note, which is put away. */
export const convertNoteAction = defineActionKind(Proposal, {
  kind: AiActionKind.CONVERT_NOTE,
  readMarks: readNoteMarks,
  description: 'Proposes to turn a note into a task. The note is put away.',
  prepare: async (tx, { noteId, title }) => {
    const { id, updatedAt } = await loadUnconverted(tx, noteId);
    return {
      summary: `Turn the note into the task “${beginningOf(lineOf(title), shownLength)}”`,
      target: { id, mark: updatedAt.toISOString(), version: null },
    };
  },
  execute: async (tx, { noteId, ...task }) => {
    const note = await loadUnconverted(tx, noteId);
    const before = NoteContent.parse(note);
    const made = await createTaskAction.execute(tx, task);
    Object.assign(note, { archived: true, convertedToId: made.result.id, updatedAt: tx.clock.now() });
    await record(tx, noteConverted(noteId, { taskId: made.result.id }));
    return { result: made.result, undo: { task: made.undo, before, after: NoteContent.parse(note) } };
  },
  undo: async (tx, undo) => {
    const { task, before, after } = Converted.parse(undo);
    const note = await tx.entities().findOne(Note, { accountId: tx.unit.account.id, id: after.id });
    refuseChangedSince(after, note);
    await createTaskAction.undo(tx, task);
    const isUntouched = note.updatedAt.getTime() === after.updatedAt.getTime();
    const { archived, convertedToId } = before;
    Object.assign(note, { archived, convertedToId, updatedAt: isUntouched ? before.updatedAt : tx.clock.now() });
    await record(tx, noteUpdated(note.id, { fields: ['archived', 'convertedTo'] }));
  },
});

/**
 * The caller's note, as far as it can be turned into a task: unless it says what its recording says only later, or there is
 * a task already. @throws NOT_FOUND, FORBIDDEN, CONFLICT
 */
async function loadUnconverted(tx: Tx, id: string): Promise<Note> {
  const note = await loadNote(tx, id);
  const [recording] = await recordingsByNote(tx, [id]);
  if (recording?.transcription === TranscriptionState.PENDING)
    throw new AppError('CONFLICT', 'The recording of this note is still being written down.');
  const isConverted = note.convertedToId !== null && (await load(tx, unsafeTasksById, note.convertedToId)) !== null;
  if (isConverted) throw new AppError('CONFLICT', 'This note was turned into a task already.');
  return note;
}

/** What it says is its user's, and stays. @throws CONFLICT with `fields` */
function refuseChangedSince(after: z.infer<typeof NoteContent>, note: Note | null): asserts note is Note {
  const isElsewhere = note !== null && note.convertedToId !== after.convertedToId;
  const since = note
    ? [...(note.archived === after.archived ? [] : ['archived']), ...(isElsewhere ? ['convertedTo'] : [])]
    : ['deleted'];
  if (since.length > 0)
    throw new AppError('CONFLICT', `It cannot be taken back: ${since.join(', ')} of the note changed since.`, {
      fields: since,
    });
}
