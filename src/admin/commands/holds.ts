import { z } from 'zod';
import { defineCommand, limitOption, typedLimit } from '../command.js';
import { heldBy } from '../held.js';

export const holds = defineCommand({
  name: 'holds',
  says: 'Shows which credits are held, since when, for whom, and until when somebody vouches for them.',
  words: [],
  options: limitOption,
  input: z.strictObject({ limit: typedLimit }),
  changes: false,
  run: async (session, { limit }) => heldBy(await session.open(), null, limit),
});
