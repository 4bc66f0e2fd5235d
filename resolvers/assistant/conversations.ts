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
  allConversationMessages,
  type ConversationRow,
  conversationMessages,
  conversationMessagesErrors,
  countConversations,
  deleteConversation,
  deleteConversationErrors,
  listConversations,
  listConversationsErrors,
  readConversation,
  readConversationErrors,
  renameConversation,
  renameConversationErrors,
  startConversation,
  startConversationErrors,
} from '../../src/assistant/index.js';
import type { Context } from '../../src/kernel/context.js';
import { ConnectionArguments, connectionOf, ForwardArguments, lookingThroughCost } from '../connection.js';
import { DeletePayload } from '../deletion.js';
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

@InputType({ description: 'Which conversation, and what to call it.' })
class RenameConversationInput {
  @Field(() => ID, { description: 'The conversation to rename.' })
  id!: string;

  @Field(() => String, { description: 'Its new title, 1–200 characters.' })
  title!: string;
}

@InputType({ description: 'Which conversation to delete.' })
class DeleteConversationInput {
  @Field(() => ID, { description: 'The conversation to delete.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The conversation after the change.' })
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
    complexity: ({ args: { search } }) => (search == null ? 0 : lookingThroughCost),
    description: withErrors("The caller's conversations, the one last written to first.", listConversationsErrors),
  })
  async conversations(
    @Ctx() ctx: Context,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Only those whose titles hold this text, at most 200 characters, whatever its case.',
    })
    search: string | null,
    @Args(() => ForwardArguments) page: ForwardArguments,
  ) {
    return new ConversationConnection(await listConversations(ctx, search, page), () =>
      countConversations(ctx, search),
    );
  }

  @FieldResolver(() => ChatMessageConnection, {
    description: withErrors('The messages of its current branch, oldest first.', conversationMessagesErrors),
  })
  async messages(
    @Ctx() ctx: Context,
    @Root() { id }: ConversationRow,
    @Arg('superseded', () => Boolean, {
      nullable: true,
      description: 'True: also those that others took the place of, each where it was said.',
    })
    superseded: boolean | null,
    @Args(() => ConnectionArguments) page: ConnectionArguments,
  ) {
    const messages = superseded ? allConversationMessages : conversationMessages;
    return new ChatMessageConnection(await messages.read(ctx, id, page), () => messages.count(ctx, id));
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

  @Mutation(() => ConversationPayload, {
    description: withErrors('Gives a conversation another title.', renameConversationErrors),
  })
  async renameConversation(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which conversation, and what to call it.' }) input: RenameConversationInput,
  ): Promise<ConversationPayload> {
    return { conversation: await renameConversation(ctx, input) };
  }

  @Mutation(() => DeletePayload, {
    description: withErrors(
      'Deletes a conversation with its messages, for good. An answer that is being written is stopped.',
      deleteConversationErrors,
    ),
  })
  async deleteConversation(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The conversation to delete.' }) input: DeleteConversationInput,
  ): Promise<DeletePayload> {
    return { deletedId: await deleteConversation(ctx, input), deletedItem: null };
  }
}
