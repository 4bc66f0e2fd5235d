import type { AiActionKind } from '../../../entities/assistant/action.js';
import type { ActionKind, Context, Marks, Tx } from '../../kernel/context.js';
import { transaction } from '../../kernel/transaction.js';

/** The rules of a kind of action. */
export function actionKindOf({ services }: Tx, kind: AiActionKind): ActionKind {
  const known = services.actionKinds.find((each) => each.kind === kind);
  if (!known) throw new Error(`Nobody knows the kind ${kind}.`);
  return known;
}

/** Ends a trial. */
class Tried extends Error {}

/** Does it in a savepoint that is rolled back. @throws what the user's own mutation would be refused with */
export async function tryOut(tx: Tx, kind: ActionKind, proposal: object): Promise<void> {
  try {
    await transaction(tx, async (part) => {
      await kind.execute(part, proposal);
      await part.flush();
      throw new Tried();
    });
  } catch (error) {
    if (!(error instanceof Tried)) throw error;
  }
}

/** The marks of all that the account has and a proposal could change. */
export async function readMarks(ctx: Context, accountId: string): Promise<Marks> {
  const readers = new Set(ctx.services.actionKinds.map(({ readMarks: read }) => read));
  const marks = await Promise.all([...readers].map((read) => read?.(ctx, accountId) ?? new Map<string, string>()));
  return new Map(marks.flatMap((each) => [...each]));
}
