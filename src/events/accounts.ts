import { z } from 'zod';
import { defineEvent } from '../kernel/events.js';
import { nothing } from './shapes.js';

export const accountClosed = defineEvent(
  'account.closed',
  'account',
  'Somebody asked for the deletion of their account: it is closed, and deleted 14 days later.',
  z.object({ finalAt: z.iso.datetime() }),
);

export const accountReopened = defineEvent(
  'account.reopened',
  'account',
  'Somebody signed in to their closed account, which is not deleted then.',
  nothing,
);
