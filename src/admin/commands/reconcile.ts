import { z } from 'zod';
import { actOnNoAccount } from '../../activity/index.js';
import { reconcilePayments } from '../../billing/index.js';
import { counted } from '../../kernel/text.js';
import { actOf, defineCommand } from '../command.js';

export const reconcile = defineCommand({
  name: 'reconcile',
  says: 'Has the worker ask the payment provider about every payment that may have changed, as it does each night.',
  words: [],
  input: z.strictObject({}),
  changes: true,
  run: async (session) => {
    const ctx = await session.open();
    const facts = await actOnNoAccount(ctx, actOf(session, 'PAYMENTS_RECONCILED'), async (runStatement) => ({
      payments: await reconcilePayments(runStatement, ctx.clock.now()),
    }));
    const payments = facts?.payments ?? 0;
    const text =
      payments === 0
        ? 'No payment is to be asked about that is not on its way already.'
        : `${counted(payments, 'payment')} will be asked about within minutes.`;
    return { data: { payments }, text };
  },
});
