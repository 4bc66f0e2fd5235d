import { z } from 'zod';
import { UserRole } from '../../../entities/auth/user-role.js';
import { actAsOperator } from '../../activity/index.js';
import { giveRole } from '../../auth/index.js';
import { actOf, defineCommand, typedUser } from '../command.js';
import { userOf } from '../users.js';

const roles = Object.values(UserRole).join(' or ');

export const role = defineCommand({
  name: 'role',
  says: `Makes somebody an operator, or a user like others: ${roles}. It holds at once.`,
  words: ['user', 'role'],
  input: z.strictObject({ user: typedUser, role: z.enum(UserRole, `must be ${roles}`) }),
  changes: true,
  run: async (session, { user: named, role }) => {
    const { ctx, user } = await userOf(session, named);
    const act = actOf(session, 'ROLE_GIVEN');
    const facts = await actAsOperator(ctx, act, async (tx) => ((await giveRole(tx, role)) ? { role } : null));
    const text = `${user.id} is ${facts ? 'now' : 'already'} ${role}.`;
    return { data: { user: user.id, role, changed: facts !== null }, text };
  },
});
