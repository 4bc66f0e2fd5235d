import { z } from 'zod';
import { ChatRole } from '../../entities/assistant/chat-message.js';
import { requireMayErrors } from '../accounts/index.js';
import { readCredits } from '../billing/index.js';
import { type Context } from '../kernel/context.js';
import { type DeclaredErrors, invalid } from '../kernel/errors.js';
import { field, parse } from '../kernel/input.js';
import { RunReader } from '../llm/index.js';
import { type ActionRow, actionsOfMessages } from './actions/action-rows.js';
import { loadMessage } from './load-message.js';
import type { ChatMessageRow } from './message-rows.js';

/** More of an answer: `position` is the answer's length, in UTF-16 code units, once `text` is added. */
export interface ChatDelta {
  readonly __typename: 'ChatDelta';
  readonly position: number;
  readonly text: string;
}

/** Something that the answer proposes, at its place. */
export interface ChatActionProposed {
  readonly __typename: 'ChatActionProposed';
  readonly position: number;
  readonly action: ActionRow;
}

/** The answer's end. */
export interface ChatFinished {
  readonly __typename: 'ChatFinished';
  readonly position: number;
  readonly message: ChatMessageRow;
  readonly creditsRemaining: number;
  readonly error: string | null;
}

const Input = z.strictObject({ messageId: field.id, after: z.int().min(0, 'must be at least 0') });

export const streamAnswerErrors: DeclaredErrors = {
  VALIDATION_FAILED: 'also the id of a question, and a position inside a character',
  ...requireMayErrors,
};

/**
 * An answer from a position on: what was written so far in one piece, then live, then its end. Each reader pulls, so a
 * slow one gets larger pieces and holds up nobody. What it proposes comes ahead of its end.
 */
export async function* streamAnswer(
  ctx: Context,
  input: unknown,
): AsyncGenerator<ChatDelta | ChatActionProposed | ChatFinished, void, undefined> {
  const { messageId, after } = parse(Input, input);
  const begun = await readAnswer(ctx, messageId);
  refuseHalfCharacter(begun.content, after);
  let position = after;
  if (!begun.isWritten && begun.runId !== null) {
    const reader = new RunReader(ctx, { id: begun.runId, accountId: begun.accountId }, after);
    try {
      for (let delta = await reader.next(); delta; delta = await reader.next()) {
        ({ position } = delta);
        yield { __typename: 'ChatDelta', ...delta };
      }
    } finally {
      reader.close();
    }
    if (ctx.signal.aborted) return;
  }
  const message = begun.isWritten ? begun : await readAnswer(ctx, messageId);
  const { length } = message.content;
  if (length > position) yield { __typename: 'ChatDelta', position: length, text: message.content.slice(position) };
  const [actions = []] = await actionsOfMessages(ctx, [messageId]);
  for (const action of actions) yield { __typename: 'ChatActionProposed', position: length, action };
  yield await finished(ctx, message);
}

async function finished(ctx: Context, message: ChatMessageRow): Promise<ChatFinished> {
  const { total } = await readCredits(ctx);
  const { content, error } = message;
  return { __typename: 'ChatFinished', position: content.length, message, creditsRemaining: total, error };
}

function readAnswer(ctx: Context, messageId: string): Promise<ChatMessageRow> {
  return loadMessage(ctx, messageId, ChatRole.ASSISTANT, 'read message');
}

function refuseHalfCharacter(content: string, after: number): void {
  if (after === 0 || after >= content.length) return;
  const isLowSurrogate = (content.charCodeAt(after) & 0xfc00) === 0xdc00;
  if (isLowSurrogate) throw invalid([{ field: 'after', rule: 'must not lie inside a character' }]);
}
