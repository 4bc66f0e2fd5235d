import { z } from 'zod';
import { actAsOperator } from '../../activity/index.js';
import { signOutEverywhere } from '../../auth/index.js';
import { counted } from '../../kernel/text.js';
import { actOf, defineCommand, typedUser } from '../command.js';
import { userOf } from '../users.js';

export const signOut = defineCommand({
  name: 'sign-out',
  says: 'Ends every session of a person, in every process within a second.',
  words: ['user'],
  input: z.strictObject({ user: typedUser }),
  changes: true,
  run: async (session, { user: named }) => {
    const { ctx, user } = await userOf(session, named);
    const facts = await actAsOperator(ctx, actOf(session, 'SIGNED_OUT'), signOutEverywhere);
    const ended = facts?.revokedSessions ?? 0;
    return { data: { user: user.id, endedSessions: ended }, text: `${user.id}: ended ${counted(ended, 'session')}.` };
  },
});
