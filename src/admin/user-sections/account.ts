import { readPlan } from '../../accounts/index.js';
import { listOf, momentOf } from '../print.js';
import type { UserSection } from '../user-section.js';

export const account: UserSection = {
  name: 'account',
  read: async ({ ctx, user, closing }) => {
    const closed = { closedAt: momentOf(closing?.closedAt ?? null), finalAt: momentOf(closing?.finalAt ?? null) };
    const { id, role, timeZone } = user;
    const data = { id, role, timeZone, plan: await readPlan(ctx), createdAt: momentOf(user.createdAt), ...closed };
    return { data, text: listOf(Object.entries(data)) };
  },
};
