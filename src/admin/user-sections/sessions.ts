import { readSessionsOf } from '../../auth/index.js';
import { momentOf, tableOf } from '../print.js';
import type { UserSection } from '../user-section.js';

export const sessions: UserSection = {
  name: 'sessions',
  read: async ({ ctx, user }) => {
    const data = (await readSessionsOf(ctx, user.id)).map(
      ({ id, device, address, createdAt, lastUsedAt, expiresAt }) => ({
        ...{ id, device, address },
        ...{ createdAt: momentOf(createdAt), lastUsedAt: momentOf(lastUsedAt), expiresAt: momentOf(expiresAt) },
      }),
    );
    const rows = data.map((session) => [session.id, session.lastUsedAt, session.address, session.device]);
    return { data, text: tableOf(['id', 'last used', 'address', 'device'], rows, 'none') };
  },
};
