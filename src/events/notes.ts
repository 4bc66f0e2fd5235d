import { z } from 'zod';
import { TranscriptionFault } from '../../entities/notes/recording.js';
import { defineEvent } from '../kernel/events.js';
import { fields, nothing } from './shapes.js';

export const noteCreated = defineEvent('note.created', 'note', 'A note was written.', nothing);

export const noteUpdated = defineEvent(
  'note.updated',
  'note',
  'A note was changed, put away or taken out again.',
  fields,
);

export const noteDeleted = defineEvent(
  'note.deleted',
  'note',
  'A note was deleted; what was kept of it can bring it back, unless nothing was.',
  z.object({ tombstoneId: z.uuid().nullable() }),
);

export const noteRecovered = defineEvent('note.recovered', 'note', 'A deleted note was brought back.', nothing);

export const noteConverted = defineEvent(
  'note.converted',
  'note',
  'A note was turned into a task, and put away.',
  z.object({ taskId: z.uuid() }),
);

export const noteTranscribed = defineEvent(
  'note.transcribed',
  'note',
  'The recording of a note was written down into it.',
  z.object({ fileId: z.uuid(), seconds: z.int() }),
);

export const noteTranscriptionFailed = defineEvent(
  'note.transcription_failed',
  'note',
  'The recording of a note could not be written down; it is kept, and cost nothing.',
  z.object({ fileId: z.uuid(), fault: z.enum(TranscriptionFault) }),
);
