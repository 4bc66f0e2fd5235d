import { z } from 'zod';
import { actOnNoAccount } from '../../activity/index.js';
import { retryPaymentEvents } from '../../billing/index.js';
import { counted } from '../../kernel/text.js';
import { actOf, defineCommand, UsageError } from '../command.js';

const rule = 'must be the id of an event, or all';

export const eventsRetry = defineCommand({
  name: 'events retry',
  says: 'Has a failed or quarantined event of a payment provider worked off once more, or all of them.',
  words: ['event'],
  input: z.strictObject({ event: z.union([z.uuid(rule), z.literal('all')], rule) }),
  changes: true,
  run: async (session, { event }) => {
    const ctx = await session.open();
    const id = event === 'all' ? null : event;
    const facts = await actOnNoAccount(ctx, actOf(session, 'EVENTS_RETRIED'), async (runStatement) => {
      const retried = await retryPaymentEvents(runStatement, ctx.clock.now(), id);
      return retried > 0 ? { event, retried } : null;
    });
    const retried = facts?.retried ?? 0;
    if (id && retried === 0) throw new UsageError(`There is no failed or quarantined event of a payment ${id}.`);
    return { data: { retried }, text: `${counted(retried, 'event')} will be worked off.` };
  },
});
