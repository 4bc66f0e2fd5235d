export { createNote, createNoteErrors } from './create-note.js';
export { deleteNote, deleteNoteErrors } from './delete-note.js';
export { countNotes, listNotes, listNotesErrors, readNote, readNoteErrors } from './list-notes.js';
export type { NoteRow } from './note-rows.js';
export { unsafeNotesById } from './note-rows.js';
export { restoreNote } from './restore-note.js';
export { updateNote, updateNoteErrors } from './update-note.js';
