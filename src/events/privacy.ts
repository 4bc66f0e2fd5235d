import { z } from 'zod';
import { defineEvent } from '../kernel/events.js';
import { nothing } from './shapes.js';

export const accountExportRequested = defineEvent(
  'account_export.requested',
  'account_export',
  'Somebody asked for a copy of all that is held of their account.',
  nothing,
);

export const accountExportReady = defineEvent(
  'account_export.ready',
  'account_export',
  'A copy of an account can be downloaded.',
  z.object({ bytes: z.int() }),
);

export const accountExportFailed = defineEvent(
  'account_export.failed',
  'account_export',
  'A copy of an account could not be made.',
  nothing,
);

export const accountExportExpired = defineEvent(
  'account_export.expired',
  'account_export',
  'A copy of an account was removed, 7 days after it was made or has failed.',
  nothing,
);
