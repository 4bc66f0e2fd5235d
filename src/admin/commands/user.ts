import { z } from 'zod';
import { defineCommand, typedUser } from '../command.js';
import { lineOf } from '../print.js';
import { userSections } from '../user-sections.js';
import { userOf } from '../users.js';

export const user = defineCommand({
  name: 'user',
  says: 'Shows who somebody is, with plan, credits, sessions and what is held.',
  words: ['user'],
  input: z.strictObject({ user: typedUser }),
  changes: false,
  run: async (session, { user: named }) => {
    const found = await userOf(session, named);
    const sections = await Promise.all(userSections.map(async ({ name, read }) => ({ name, ...(await read(found)) })));
    const { id, email, name } = found.user;
    const texts = sections.map((section) => `${section.name}\n${section.text.replaceAll(/^/gm, '  ')}`);
    return {
      data: { id, email, name, ...Object.fromEntries(sections.map((section) => [section.name, section.data])) },
      text: [`${lineOf(name)} <${lineOf(email)}>`, ...texts].join('\n\n'),
    };
  },
});
