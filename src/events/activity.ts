import { z } from 'zod';
import { defineEvent } from '../kernel/events.js';

export const deletedItemDropped = defineEvent(
  'deleted_item.dropped',
  'deleted_item',
  'A deleted thing that had files can no longer be restored: newer ones were deleted since.',
  z.object({ fileIds: z.array(z.uuid()) }),
);
