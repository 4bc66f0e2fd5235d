import { z } from 'zod';
import { type RecomputedPage, recomputePage } from '../../achievements/index.js';
import { actAsOperator, actOnNoAccount } from '../../activity/index.js';
import type { Context } from '../../kernel/context.js';
import { actOf, defineCommand, typedUser } from '../command.js';
import { userOf } from '../users.js';

type Differences = RecomputedPage['differences'];

/** Differences that are printed; those beyond are counted. */
const maxShown = 1_000;

export const recompute = defineCommand({
  name: 'recompute',
  says: 'Brings achievements to what was contributed, of one account or of all, and shows what that mended.',
  words: ['user?'],
  input: z.strictObject({ user: typedUser.optional() }),
  changes: true,
  run: async (session, { user: named }) => {
    const act = actOf(session, 'ACHIEVEMENTS_RECOMPUTED');
    if (named === undefined) {
      const ctx = await session.open();
      // Before it begins: an account that was mended must not be without a record.
      await actOnNoAccount(ctx, act, async () => ({ accounts: 'ALL' }));
      return answerOf(await ofAll(ctx));
    }
    const { ctx, user } = await userOf(session, named);
    let differences: Differences = [];
    await actAsOperator(ctx, act, async (tx) => {
      ({ differences } = await recomputePage(tx, { userId: user.id }));
      return differences.length > 0 ? { mended: differences.length } : null;
    });
    return answerOf({ mended: differences.length, differences });
  },
});

interface Mended {
  readonly mended: number;
  readonly differences: Differences;
}

async function ofAll(ctx: Context): Promise<Mended> {
  let mended = 0;
  const differences: Differences[number][] = [];
  let after: string | undefined;
  do {
    const page = await recomputePage(ctx, { after });
    mended += page.differences.length;
    differences.push(...page.differences.slice(0, maxShown - differences.length));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return { mended, differences };
}

function answerOf({ mended, differences }: Mended) {
  const lines = differences.map(({ userId, what, stored, mended }) => `${userId} ${what}: ${stored} -> ${mended}`);
  const left = mended - differences.length;
  const more = left > 0 ? [`… and ${left} more`] : [];
  return { data: { mended, differences }, text: [...lines, ...more, `Mended: ${mended}`].join('\n') };
}
