import { AiActionState } from '../../../entities/assistant/action.js';
import { type ActionTarget, sendStatement, type Tx } from '../../kernel/context.js';
import { AppError } from '../../kernel/errors.js';
import { actionKindOf } from './action-kinds.js';
import { type ActionRow, actionsOfMessages } from './action-rows.js';

/**
 * Finds the other proposals of an answer that are about the same thing, and are still good, before one of them is done or
 * taken back. What it answers has them follow, once that is done: that the assistant itself has changed the thing is no
 * reason to refuse the rest of what it proposed.
 */
export async function followSiblings(tx: Tx, { id, messageId, targetId }: ActionRow): Promise<() => Promise<void>> {
  if (messageId === null || targetId === null) return async () => undefined;
  const [all = []] = await actionsOfMessages(tx, [messageId]);
  const pending = all.filter((each) => each.id !== id && each.targetId === targetId);
  const good: ActionRow[] = [];
  for (const each of pending.filter(({ state }) => state === AiActionState.PENDING)) {
    const target = await targetOf(tx, each);
    if (target && actionKindOf(tx, each.kind).isSame(each.targetMark ?? '', target.mark)) good.push(each);
  }
  return async () => {
    for (const each of good) {
      const target = await targetOf(tx, each);
      if (!target) continue;
      await sendStatement(tx, 'update assistant.action set target_mark = $3 where account_id = $1 and id = $2', [
        ...[each.accountId, each.id, target.mark],
      ]);
    }
  };
}

/** Null where it cannot be done any more. */
async function targetOf(tx: Tx, { kind: name, proposal }: ActionRow): Promise<ActionTarget | null> {
  const kind = actionKindOf(tx, name);
  try {
    return (await kind.prepare(tx, kind.read(proposal))).target;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
