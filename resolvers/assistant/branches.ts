import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, Resolver, Root } from 'type-graphql';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import {
  type ChatMessageRow,
  earlierVersions,
  editQuestion,
  editQuestionErrors,
  maxEarlierVersions,
  regenerateAnswer,
  regenerateAnswerErrors,
} from '../../src/assistant/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { maxListCost } from '../connection.js';
import { withErrors } from '../error-codes.js';
import { RegenerateAnswerPayload, SendChatMessagePayload } from './begun-answer.js';

@InputType({ description: 'Which answer to ask for anew.' })
class RegenerateAnswerInput {
  @Field(() => ID, { description: 'The UUID of the answer to ask for anew.' })
  messageId!: string;
}

@InputType({ description: 'Which question to ask otherwise, and how.' })
class EditQuestionInput {
  @Field(() => ID, { description: 'The UUID of the question that another one takes the place of.' })
  messageId!: string;

  @Field(() => String, { description: 'The question in its place, 1–4,000 characters.' })
  content!: string;
}

/** What takes the place of something that was said. */
@Resolver(() => ChatMessage)
export class BranchesResolver {
  @FieldResolver(() => [ChatMessage], {
    complexity: maxListCost(maxEarlierVersions),
    description: `What it took the place of, oldest first: the earlier answers to the same question, or the question as it was before it was edited. The newest ${maxEarlierVersions} where there are more.`,
  })
  earlierVersions(@Ctx() ctx: Context, @Root() message: ChatMessageRow): Promise<ChatMessageRow[]> {
    return load(ctx, earlierVersions, message.id);
  }

  @Mutation(() => RegenerateAnswerPayload, {
    description: withErrors(
      'Asks the last question of a conversation anew; costs 1 credit. The new answer takes the place of the one that there is.',
      regenerateAnswerErrors,
    ),
  })
  regenerateAnswer(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The answer that the new one takes the place of.' }) input: RegenerateAnswerInput,
  ): Promise<RegenerateAnswerPayload> {
    return regenerateAnswer(ctx, input);
  }

  @Mutation(() => SendChatMessagePayload, {
    description: withErrors(
      'Asks another question in place of an earlier one, about the same task; costs 1 credit. It takes the place of that question and of all behind it; the model is given what stands before.',
      editQuestionErrors,
    ),
  })
  editQuestion(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The earlier question, and the one in its place.' }) input: EditQuestionInput,
  ): Promise<SendChatMessagePayload> {
    return editQuestion(ctx, input);
  }
}
