import { z } from 'zod';
import { defineEvent } from '../kernel/events.js';

export const creditsConsumed = defineEvent(
  'ai.credits_consumed',
  'credit_hold',
  'Credits that were held for an operation of the assistant were spent.',
  z.object({ amount: z.int() }),
);
