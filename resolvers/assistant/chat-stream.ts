import { Arg, Ctx, createUnionType, Field, ID, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { Action } from '../../entities/assistant/action.js';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import {
  type ActionRow,
  type ChatActionProposed,
  type ChatDelta,
  type ChatFinished,
  type ChatMessageRow,
  streamAnswer,
  streamAnswerErrors,
} from '../../src/assistant/index.js';
import type { Context } from '../../src/kernel/context.js';
import { withErrors } from '../error-codes.js';

@ObjectType('ChatDelta', { simpleResolvers: true, description: 'More of an answer.' })
class ChatDeltaType {
  @Field(() => Int, {
    description:
      '`position` is the length of the answer, in UTF-16 code units, once `text` is added: the next `after`.',
  })
  position!: number;

  @Field(() => String, {
    description:
      'What is added. It may come up to 100 ms before it is stored, and longer while the database is away: a server that is killed meanwhile, or stands still while the answer is stopped elsewhere, takes that with it.',
  })
  text!: string;
}

@ObjectType('ChatActionProposed', {
  simpleResolvers: true,
  description: 'Something that the answer proposes to do: it comes with every stream of the answer, ahead of its end.',
})
class ChatActionProposedType {
  @Field(() => Int, { description: 'The length of the answer at its place.' })
  position!: number;

  @Field(() => Action, { description: 'What is proposed; nothing of it is done before its user confirms it.' })
  action!: ActionRow;
}

@ObjectType('ChatFinished', {
  simpleResolvers: true,
  description: 'The last message of a stream: how the answer ended.',
})
class ChatFinishedType {
  @Field(() => Int, {
    description:
      'The length of the stored answer; a reader who has more, since the server was killed before it was stored, cuts it off there.',
  })
  position!: number;

  @Field(() => ChatMessage, { description: 'The answer as it is stored.' })
  message!: ChatMessageRow;

  @Field(() => Int, { description: 'Credits left to spend.' })
  creditsRemaining!: number;

  @Field(() => String, { nullable: true, description: 'The error code of a failed answer, AI_SERVICE_UNAVAILABLE.' })
  error!: string | null;
}

const ChatStreamEvent = createUnionType({
  name: 'ChatStreamEvent',
  description: 'What comes over chatStream.',
  types: () => [ChatDeltaType, ChatActionProposedType, ChatFinishedType] as const,
});

/** An answer as it is written. */
@Resolver()
export class ChatStreamResolver {
  @Subscription(() => ChatStreamEvent, {
    description: withErrors(
      'An answer from a position on: what was written so far in one delta, then live, then ChatFinished; then it ends.',
      streamAnswerErrors,
    ),
    subscribe: ({ args, context }) => streamAnswer(context as Context, args),
  })
  chatStream(
    @Root() event: ChatDelta | ChatActionProposed | ChatFinished,
    @Arg('messageId', () => ID, { description: 'The UUID of the answer to follow.' }) _messageId: string,
    @Arg('after', () => Int, { defaultValue: 0, description: 'Position behind which to begin.' }) _after: number,
    @Ctx() _ctx: Context,
  ): ChatDelta | ChatActionProposed | ChatFinished {
    return event;
  }
}
