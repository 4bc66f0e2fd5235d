import { z } from 'zod';
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
  'A note was deleted; what was kept of it can bring it back.',
  z.object({ tombstoneId: z.uuid() }),
);

export const noteRecovered = defineEvent('note.recovered', 'note', 'A deleted note was brought back.', nothing);
