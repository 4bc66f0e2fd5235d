import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Task } from '../../entities/tasks/task.js';
import {
  type ChatMessageRow,
  sendChatMessage,
  sendChatMessageErrors,
  stopChatMessage,
  stopChatMessageErrors,
} from '../../src/assistant/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { type TaskRow, unsafeTasksById } from '../../src/tasks/index.js';
import { withErrors } from '../error-codes.js';
import { SendChatMessagePayload } from './begun-answer.js';

@InputType({ description: 'A question to the assistant.' })
class SendChatMessageInput {
  @Field(() => ID, { nullable: true, description: 'Where to ask; a new conversation when not given.' })
  conversationId?: string | null;

  @Field(() => String, { description: 'The question itself, 1–4,000 characters.' })
  content!: string;

  @Field(() => ID, { nullable: true, description: 'The task that it is about.' })
  taskId?: string | null;
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
