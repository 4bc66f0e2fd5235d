import { readCredits } from '../../billing/index.js';
import { listOf } from '../print.js';
import type { UserSection } from '../user-section.js';

export const credits: UserSection = {
  name: 'credits',
  read: async ({ ctx }) => {
    const { dailyResetAt, ...balances } = await readCredits(ctx);
    const data = { ...balances, dailyResetAt: dailyResetAt.toISOString() };
    return { data, text: listOf(Object.entries(data)) };
  },
};
