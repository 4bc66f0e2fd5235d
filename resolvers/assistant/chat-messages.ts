import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import { Task } from '../../entities/tasks/task.js';
import {
  type ChatMessageRow,
  type ConversationRow,
  type SentChatMessage,
  sendChatMessage,
  sendChatMessageErrors,
  stopChatMessage,
  stopChatMessageErrors,
} from '../../src/assistant/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { type TaskRow, unsafeTasksById } from '../../src/tasks/index.js';
import { withErrors } from '../error-codes.js';

@InputType({ description: 'A question to the assistant.' })
class SendChatMessageInput {
  @Field(() => ID, { nullable: true, description: 'Where to ask; a new conversation when not given.' })
  conversationId?: string | null;

  @Field(() => String, { description: 'The question itself, 1–4,000 characters.' })
  content!: string;

  @Field(() => ID, { nullable: true, description: 'The task that it is about.' })
  taskId?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A question, and the answer that has begun: follow it with chatStream.',
})
class SendChatMessagePayload implements SentChatMessage {
  @Field(() => Conversation, { description: 'Where it was asked.' })
  conversation!: ConversationRow;

  @Field(() => ChatMessage, { description: 'The question as it was stored.' })
  question!: ChatMessageRow;

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

@InputType({ description: 'Which answer to stop.' })
class StopChatMessageInput {
  @Field(() => ID, { description: 'The UUID of the answer to stop.' })
  messageId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The answer that was stopped.' })
class StopChatMessagePayload {
  @Field(() => ChatMessage, { description: 'The answer; one that had ended stays as it was.' })
  message!: ChatMessageRow;
}

/** Questions and answers. */
@Resolver(() => ChatMessage)
export class ChatMessagesResolver {
  @FieldResolver(() => Task, {
    nullable: true,
    description: 'The task that it is about; null while that is deleted, as `taskId` is not.',
  })
  task(@Ctx() ctx: Context, @Root() message: ChatMessageRow): Promise<TaskRow | null> | null {
    return message.taskId ? load(ctx, unsafeTasksById, message.taskId) : null;
  }

  @Mutation(() => SendChatMessagePayload, {
    description: withErrors('Asks the assistant; costs 1 credit.', sendChatMessageErrors),
  })
  sendChatMessage(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The question, and where to ask it.' }) input: SendChatMessageInput,
  ): Promise<SendChatMessagePayload> {
    return sendChatMessage(ctx, input);
  }

  @Mutation(() => StopChatMessagePayload, {
    description: withErrors(
      'Stops an answer; what was written stays, and is answered: all of it, unless storing the last piece takes longer than 1.5 seconds. With an `Idempotency-Key` it does not wait for that piece: what is answered may lack some of the end.',
      stopChatMessageErrors,
    ),
  })
  async stopChatMessage(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The answer to stop.' }) input: StopChatMessageInput,
  ): Promise<StopChatMessagePayload> {
    return { message: await stopChatMessage(ctx, input) };
  }
}
