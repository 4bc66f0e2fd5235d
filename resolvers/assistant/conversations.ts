import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import {
  type ConversationRow,
  conversationMessages,
  conversationMessagesErrors,
  countConversations,
  listConversations,
  listConversationsErrors,
  readConversation,
  readConversationErrors,
  startConversation,
  startConversationErrors,
} from '../../src/assistant/index.js';
import type { Context } from '../../src/kernel/context.js';
import { ConnectionArguments, connectionOf, ForwardArguments } from '../connection.js';
import { withErrors } from '../error-codes.js';

const ConversationConnection = connectionOf('Conversation', () => Conversation);
const ChatMessageConnection = connectionOf('ChatMessage', () => ChatMessage);

@InputType({ description: 'What a new conversation starts with.' })
class StartConversationInput {
  @Field(() => String, {
    nullable: true,
    description: '1–200 characters; when not given, "New conversation" until the first question gives its beginning.',
  })
  title?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The conversation that was begun.' })
class ConversationPayload {
  @Field(() => Conversation, { description: 'The conversation as it was stored.' })
  conversation!: ConversationRow;
}

/** Threads of talk with the assistant. */
@Resolver(() => Conversation)
export class ConversationsResolver {
  @Query(() => Conversation, { description: withErrors("One of the caller's conversations.", readConversationErrors) })
  conversation(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'The UUID of the conversation.' }) id: string,
  ): Promise<ConversationRow> {
    return readConversation(ctx, id);
  }

  @Query(() => ConversationConnection, {
    description: withErrors("The caller's conversations, the one last written to first.", listConversationsErrors),
  })
  async conversations(@Ctx() ctx: Context, @Args(() => ForwardArguments) page: ForwardArguments) {
    return new ConversationConnection(await listConversations(ctx, page), () => countConversations(ctx));
  }

  @FieldResolver(() => ChatMessageConnection, {
    description: withErrors('Its messages, oldest first.', conversationMessagesErrors),
  })
  async messages(
    @Ctx() ctx: Context,
    @Root() conversation: ConversationRow,
    @Args(() => ConnectionArguments) page: ConnectionArguments,
  ) {
    const { id } = conversation;
    return new ChatMessageConnection(await conversationMessages.read(ctx, id, page), () =>
      conversationMessages.count(ctx, id),
    );
  }

  @Mutation(() => ConversationPayload, {
    description: withErrors('Begins a conversation.', startConversationErrors),
  })
  async startConversation(
    @Ctx() ctx: Context,
    @Arg('input', () => StartConversationInput, {
      nullable: true,
      description: 'Its title; when not given, its first question gives it one.',
    })
    input: StartConversationInput | null,
  ): Promise<ConversationPayload> {
    return { conversation: await startConversation(ctx, input) };
  }
}
