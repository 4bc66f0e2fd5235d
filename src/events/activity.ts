import { z } from 'zod';
import { maxOperatorReason, operatorActionNames } from '../../entities/activity/operator-action.js';
import { defineEvent } from '../kernel/events.js';

export const operatorActed = defineEvent(
  'operator.acted',
  'account',
  'Somebody who runs the product did something to the account by hand; `reason` says why, in their words.',
  z.object({ action: z.enum(operatorActionNames), reason: z.string().min(1).max(maxOperatorReason) }),
);

export const deletedItemDropped = defineEvent(
  'deleted_item.dropped',
  'deleted_item',
  'A deleted thing that had files can no longer be restored: newer ones were deleted since.',
  z.object({ fileIds: z.array(z.uuid()) }),
);
