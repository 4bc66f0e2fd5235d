import { Field, Int, ObjectType } from 'type-graphql';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import type { ChatMessageRow, ConversationRow, RegeneratedAnswer, SentChatMessage } from '../../src/assistant/index.js';

/** What every mutation that begins an answer answers. */
@ObjectType({ simpleResolvers: true })
abstract class BegunAnswerPayload {
  @Field(() => Conversation, { description: 'Where it was asked.' })
  conversation!: ConversationRow;

  @Field(() => ChatMessage, { description: 'The answer, still empty.' })
  answer!: ChatMessageRow;

  @Field(() => Int, { description: 'Credits left to spend.' })
  creditsRemaining!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Requests of this session about the task, this one included. One that fails, or is stopped before the model has begun to think or to write, is given back with its credit.',
  })
  requestsOnTask!: number | null;

  @Field(() => String, { nullable: true, description: 'From the 5th request on a task: how many are left.' })
  warning!: string | null;
}

/** What asking a question answers. */
@ObjectType({
  simpleResolvers: true,
  description: 'A question, and the answer that has begun: follow it with chatStream.',
})
export class SendChatMessagePayload extends BegunAnswerPayload implements SentChatMessage {
  @Field(() => ChatMessage, { description: 'The question as it was stored.' })
  question!: ChatMessageRow;
}

/** What asking the last question anew answers. */
@ObjectType({ simpleResolvers: true, description: 'The answer that has begun anew: follow it with chatStream.' })
export class RegenerateAnswerPayload extends BegunAnswerPayload implements RegeneratedAnswer {}
