import { z } from 'zod';
import { PaymentEventState } from '../../../entities/billing/payment-event.js';
import { listPaymentEvents } from '../../billing/index.js';
import { defineCommand, limitOption, typedLimit } from '../command.js';
import { momentOf, tableOf } from '../print.js';

const states = Object.values(PaymentEventState).join(', ');

export const eventsList = defineCommand({
  name: 'events list',
  says: 'Shows what payment providers have told us that was not worked off, the newest first.',
  words: [],
  options: {
    state: { value: 'STATE', says: `Of this state only: ${states}; QUARANTINED and FAILED when not given.` },
    ...limitOption,
  },
  input: z.strictObject({
    state: z.enum(PaymentEventState, `must be one of ${states}`).optional(),
    limit: typedLimit,
  }),
  changes: false,
  run: async (session, { state, limit }) => {
    const { QUARANTINED, FAILED } = PaymentEventState;
    const events = await listPaymentEvents(await session.open(), state ? [state] : [QUARANTINED, FAILED], limit);
    const data = events.map(({ receivedAt, ...event }) => ({ ...event, receivedAt: momentOf(receivedAt) }));
    const rows = data.map((event) => [
      event.id,
      event.type,
      event.reference,
      event.state,
      event.receivedAt,
      event.reason,
    ]);
    return { data, text: tableOf(['id', 'what', 'reference', 'state', 'since', 'why'], rows, 'none', limit) };
  },
});
