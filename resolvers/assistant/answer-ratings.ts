import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { AnswerRating, ChatMessage } from '../../entities/assistant/chat-message.js';
import { type ChatMessageRow, rateAnswer, rateAnswerErrors } from '../../src/assistant/index.js';
import type { Context } from '../../src/kernel/context.js';
import { withErrors } from '../error-codes.js';

@InputType({ description: 'Which answer, and what its user thinks of it.' })
class RateAnswerInput {
  @Field(() => ID, { description: 'The UUID of the answer to rate.' })
  messageId!: string;

  @Field(() => AnswerRating, { nullable: true, description: 'Whether it was good or bad; null clears it.' })
  rating?: AnswerRating | null;

  @Field(() => String, { nullable: true, description: 'Why, 1–2,000 characters; null clears it.' })
  feedback?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The answer that was rated.' })
class RateAnswerPayload {
  @Field(() => ChatMessage, { description: 'The answer with its rating as it was stored.' })
  message!: ChatMessageRow;
}

/** What users think of answers. */
@Resolver()
export class AnswerRatingsResolver {
  @Mutation(() => RateAnswerPayload, {
    description: withErrors(
      'Says what the user thinks of an answer that has ended. What is not given stays as it is.',
      rateAnswerErrors,
    ),
  })
  async rateAnswer(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The answer, and what its user thinks of it.' }) input: RateAnswerInput,
  ): Promise<RateAnswerPayload> {
    return { message: await rateAnswer(ctx, input) };
  }
}
