import { ChatMessage, ChatMessageState } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import { requireMay } from '../accounts/index.js';
import { childPages } from '../kernel/child-pages.js';
import { type Context, load, readByIds, requireAccount } from '../kernel/context.js';
import { parseId } from '../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';

const messageRows = rowsWithout(ChatMessage, ['authorId', 'position', 'holdId', 'sessionId', 'leaseOwner']);
const conversationRows = rowsWithout(Conversation, ['untitled']);

/** A message as reads see it; `leaseUntil` is null once the last piece is stored. */
export type ChatMessageRow = RowIn<typeof messageRows>;

/** A conversation as reads see it. */
export type ConversationRow = RowIn<typeof conversationRows>;

/** Messages by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeMessagesById(ctx: Context, ids: readonly string[]): Promise<(ChatMessageRow | null)[]> {
  const text = `select ${messageRows.columns} from assistant.chat_message where id = any($1::uuid[])`;
  return readByIds<ChatMessageRow>(ctx, text, ids);
}

/** Whether there will be no more of a message: the lease outlives a stop until the last piece is stored. */
export function hasEnded({ state, leaseUntil }: ChatMessageRow): boolean {
  return state !== ChatMessageState.STREAMING && leaseUntil === null;
}

/** Conversations by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeConversationsById(ctx: Context, ids: readonly string[]): Promise<(ConversationRow | null)[]> {
  const text = `select ${conversationRows.columns} from assistant.conversation where id = any($1::uuid[])`;
  return readByIds<ConversationRow>(ctx, text, ids);
}

/** The caller's conversation. @throws VALIDATION_FAILED, NOT_FOUND, FORBIDDEN */
export async function readConversation(ctx: Context, id: string): Promise<ConversationRow> {
  return requireMay(ctx, 'read conversation', await load(ctx, unsafeConversationsById, parseId(id)));
}

function conversationsOf(ctx: Context): KeysetList {
  return {
    name: 'conversations',
    columns: conversationRows.columns,
    from: 'assistant.conversation',
    where: 'account_id = $1',
    values: [requireAccount(ctx)],
    sortKey: 'updated_at',
    sortType: 'timestamptz',
    descending: true,
  };
}

/** The caller's conversations, the one last written to first. @throws VALIDATION_FAILED */
export function listConversations(ctx: Context, page: PageArguments): Promise<Page<ConversationRow>> {
  return readPage<ConversationRow>(ctx, conversationsOf(ctx), page);
}

/** How many conversations the caller has. */
export function countConversations(ctx: Context): Promise<number> {
  return countList(ctx, conversationsOf(ctx));
}

/** The messages of a conversation that is the caller's already, oldest first. */
export const conversationMessages = childPages<ChatMessageRow>((ctx) => ({
  name: 'messages',
  columns: messageRows.columns,
  from: 'assistant.chat_message',
  where: 'account_id = $1',
  values: [requireAccount(ctx)],
  parentKey: 'conversation_id',
  sortKey: 'position',
  sortType: 'int',
  descending: false,
}));
