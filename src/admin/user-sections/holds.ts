import { heldBy } from '../held.js';
import type { UserSection } from '../user-section.js';

/** Holds of one person that are shown: there are seldom more than one. */
const maxShown = 100;

export const holds: UserSection = {
  name: 'holds',
  read: ({ ctx, user }) => heldBy(ctx, user.id, maxShown),
};
