import { listPayments, readBilling } from '../../billing/index.js';
import { momentOf, tableOf } from '../print.js';
import type { UserSection } from '../user-section.js';

/** Payments of one person that are shown. */
const maxShown = 20;

export const billing: UserSection = {
  name: 'billing',
  read: async ({ ctx }) => {
    const [{ tier, subscription }, { edges }] = await Promise.all([
      readBilling(ctx),
      listPayments(ctx, { first: maxShown }),
    ]);
    const { state = null, periodEnd = null, failedPayments = 0 } = subscription ?? {};
    const payments = edges.map(({ node }) => ({
      ...{ reference: node.reference, purpose: node.purpose, state: node.state, amountCents: node.amountCents },
      ...{ refundedCents: node.refundedCents, createdAt: momentOf(node.createdAt) },
    }));
    const line = state ? `${tier}: ${state}, paid until ${momentOf(periodEnd)}` : `${tier}: no subscription`;
    const rows = payments.map((each) => [each.createdAt, each.reference, each.purpose, each.state, each.amountCents]);
    const table = tableOf(['since', 'reference', 'what', 'state', 'cents'], rows, 'no payments');
    const data = { tier, state, periodEnd: momentOf(periodEnd), failedPayments, payments };
    return { data, text: `${line}\n${table}` };
  },
};
