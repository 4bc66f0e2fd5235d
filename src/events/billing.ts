import { z } from 'zod';
import { creditPlaces } from '../../entities/billing/credit-difference.js';
import { defineEvent } from '../kernel/events.js';

export const creditsConsumed = defineEvent(
  'ai.credits_consumed',
  'credit_hold',
  'Credits that were held for an operation of the assistant were spent.',
  z.object({ amount: z.int() }),
);

export const creditsDiffer = defineEvent(
  'credits.differ',
  'account',
  'The nightly reconciliation found a balance of credits that is not the sum of its ledger.',
  z.object({ place: z.enum(creditPlaces), stored: z.int(), booked: z.int() }),
);
