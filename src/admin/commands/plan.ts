import { z } from 'zod';
import { Tier } from '../../../entities/accounts/account.js';
import { actAsOperator } from '../../activity/index.js';
import { endPro, givePro } from '../../billing/index.js';
import { actOf, defineCommand, typedUser } from '../command.js';
import { momentOf } from '../print.js';
import { userOf } from '../users.js';

const rule = 'must be FREE or PRO';

export const plan = defineCommand({
  name: 'plan',
  says: 'Gives Pro until a day, without a payment, or ends it at once. Pro that is paid for is not renewed then, unless its user resumes it.',
  words: ['user', 'plan'],
  options: {
    until: { value: 'MOMENT', says: 'When Pro ends, such as 2027-01-31 or 2027-01-31T12:00:00Z; needed with PRO.' },
  },
  input: z
    .strictObject({
      user: typedUser,
      plan: z.enum(Tier, rule),
      until: z
        .union([z.iso.date(), z.iso.datetime({ offset: true })], 'must be a day or a moment')
        .transform((text) => new Date(text))
        .optional(),
    })
    .refine(({ plan, until }) => (plan === Tier.PRO) === (until !== undefined), {
      path: ['until'],
      message: 'goes with PRO, which needs it',
    }),
  changes: true,
  run: async (session, { user: named, plan, until }) => {
    const { ctx, user } = await userOf(session, named);
    await actAsOperator(ctx, actOf(session, 'PLAN_CHANGED'), async (tx) => {
      if (until) await givePro(tx, until);
      else await endPro(tx);
      return { plan, ...(until ? { until: momentOf(until) } : {}) };
    });
    const data = { user: user.id, plan, until: until ? momentOf(until) : null };
    const text = data.until ? `PRO until ${data.until}, when it ends unless it is resumed` : 'FREE';
    return { data, text: `${user.id}: ${text}` };
  },
});
