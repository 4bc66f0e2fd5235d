import { Note } from '../../entities/notes/note.js';
import { Recording } from '../../entities/notes/recording.js';
import { type AccountTable, accountTable } from '../kernel/account-tables.js';

const ours = 'How we go on writing it down.';

/** Notes, and what was spoken. */
export const notesTables: readonly AccountTable[] = [
  accountTable(Recording, {
    name: 'recordings',
    what: 'Recordings, with all that was written down of them; `fileId` names the file.',
    of: 'accountId',
    order: ['fileId'],
    left: { tries: ours, awaitedUntil: ours },
    onDeletion: { kind: 'DELETED' },
  }),
  accountTable(Note, {
    name: 'notes',
    what: 'Your notes.',
    of: 'accountId',
    order: ['id'],
    onDeletion: { kind: 'DELETED' },
  }),
];
