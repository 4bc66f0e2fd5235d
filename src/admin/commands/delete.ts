import { z } from 'zod';
import { actAsOperator } from '../../activity/index.js';
import { closeAccount } from '../../auth/index.js';
import { actOf, defineCommand, typedUser } from '../command.js';
import { momentOf } from '../print.js';
import { userOf } from '../users.js';

export const deleteUser = defineCommand({
  name: 'delete',
  says: 'Closes an account at once and deletes it after 14 days, unless its user signs in before; the ledger stays without a name.',
  words: ['user'],
  input: z.strictObject({ user: typedUser }),
  changes: true,
  run: async (session, { user: named }) => {
    const { ctx, user } = await userOf(session, named);
    const facts = await actAsOperator(ctx, actOf(session, 'ACCOUNT_CLOSED'), async (tx) => {
      const { closedAt, finalAt } = await closeAccount(tx, user.id);
      return { closedAt: momentOf(closedAt), finalAt: momentOf(finalAt) };
    });
    return { data: { user: user.id, ...facts }, text: `${user.id}: closed; deleted on ${facts?.finalAt ?? ''}.` };
  },
});
