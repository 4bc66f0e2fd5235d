import { z } from 'zod';
import { actOnNoAccount } from '../../activity/index.js';
import { counted } from '../../kernel/text.js';
import { actOf, defineCommand } from '../command.js';
import type { Session } from '../session.js';
import { globalsOf } from '../shell/globals.js';
import { readEvalPrint, type ShellRun } from '../shell/read-eval-print.js';

export const shell = defineCommand({
  name: 'shell',
  says: 'Evaluates JavaScript with `ctx`, `core`, `sql`, `asAccount(id)` and the use cases of each domain (`billing.readCredits(asAccount(id))`); it only reads, unless --write is given.',
  words: [],
  options: { write: { value: null, says: 'Let it change things; wants a reason.' } },
  input: z.strictObject({ write: z.boolean().default(false) }),
  changes: ({ write }) => write,
  run: async (session, { write }) => {
    const run = write ? await recorded(session) : await readEvalPrint(session, 'admin> ', await globalsFor(session));
    return { data: { write, ...run }, text: `${counted(run.commands, 'command')}.` };
  },
});

async function globalsFor(session: Session) {
  return globalsOf(await session.open());
}

/** That it has begun is written before anything is changed, and how many commands there were when it has ended. */
async function recorded(session: Session): Promise<ShellRun> {
  const ctx = await session.open();
  await actOnNoAccount(ctx, actOf(session, 'SHELL_BEGUN'), async () => ({}));
  const run = await readEvalPrint(session, 'admin (write)> ', await globalsFor(session));
  await actOnNoAccount(ctx, actOf(session, 'SHELL_ENDED'), async () => ({ commands: run.commands }));
  return run;
}
