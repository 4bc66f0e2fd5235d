import { z } from 'zod';
import { ChatMessage, ChatMessageState, ChatRole } from '../../entities/assistant/chat-message.js';
import { type Context, owned } from '../context.js';
import { invalid } from '../errors.js';
import { id, parse } from '../input.js';
import { transaction } from '../transaction.js';
import { answerTopic, giveBack, payFor } from './end-answer.js';

const Input = z.strictObject({ messageId: id });

/**
 * Stops an answer: what was written stays and is paid; an answer of which nothing was written yet costs nothing. The
 * process that writes it learns of it within some 100 ms and adds what its readers have already seen. An answer that
 * has ended stays as it is.
 * @throws VALIDATION_FAILED, NOT_FOUND, FORBIDDEN
 */
export async function stopChatMessage(ctx: Context, input: unknown): Promise<ChatMessage> {
  const { messageId } = parse(Input, input);
  return transaction(ctx, async (tx) => {
    const message = owned(tx, 'message', await tx.em.findOne(ChatMessage, messageId));
    if (message.role !== ChatRole.ASSISTANT) throw invalid([{ field: 'messageId', rule: 'must be an answer' }]);
    if (message.state !== ChatMessageState.STREAMING) return message;
    message.state = ChatMessageState.STOPPED;
    const live = tx.services.liveTexts.get(messageId);
    const written = message.content !== '' || (live !== undefined && live.text !== '');
    await (written ? payFor : giveBack)(tx, message);
    tx.unit.ring(answerTopic(messageId));
    tx.unit.afterCommit(() => live?.stop.abort(new Error('The user stopped the answer.')));
    return message;
  });
}
