import { type ChatMessage, ChatMessageState } from '../../entities/assistant/chat-message.js';
import type { Conversation } from '../../entities/assistant/conversation.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { childPages } from '../kernel/child-pages.js';
import { type Context, load, readByIds, requireAccount } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parseErrors, parseId } from '../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowOf, selectList } from '../kernel/rows.js';

/** A message as reads see it; `leaseUntil` is null once the last piece is stored. */
export type ChatMessageRow = Omit<RowOf<ChatMessage>, 'authorId' | 'position' | 'holdId' | 'sessionId' | 'leaseOwner'>;

/** A conversation as reads see it. */
export type ConversationRow = Omit<RowOf<Conversation>, 'untitled'>;

const messageColumns = selectList<ChatMessageRow>({
  id: 'id',
  conversationId: 'conversation_id',
  accountId: 'account_id',
  role: 'role',
  content: 'content',
  state: 'state',
  taskId: 'task_id',
  error: 'error',
  leaseUntil: 'lease_until',
  createdAt: 'created_at',
});
const conversationColumns = selectList<ConversationRow>({
  id: 'id',
  accountId: 'account_id',
  title: 'title',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
});

/** Messages by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeMessagesById(ctx: Context, ids: readonly string[]): Promise<(ChatMessageRow | null)[]> {
  const text = `select ${messageColumns} from assistant.chat_message where id = any($1::uuid[])`;
  return readByIds<ChatMessageRow>(ctx, text, ids);
}

/** Whether there will be no more of a message: the lease outlives a stop until the last piece is stored. */
export function hasEnded({ state, leaseUntil }: ChatMessageRow): boolean {
  return state !== ChatMessageState.STREAMING && leaseUntil === null;
}

/** Conversations by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeConversationsById(ctx: Context, ids: readonly string[]): Promise<(ConversationRow | null)[]> {
  const text = `select ${conversationColumns} from assistant.conversation where id = any($1::uuid[])`;
  return readByIds<ConversationRow>(ctx, text, ids);
}

export const readConversationErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** The caller's conversation. */
export async function readConversation(ctx: Context, id: string): Promise<ConversationRow> {
  return requireMay(ctx, 'read conversation', await load(ctx, unsafeConversationsById, parseId(id)));
}

function conversationsOf(ctx: Context): KeysetList {
  return {
    name: 'conversations',
    columns: conversationColumns,
    from: 'assistant.conversation',
    where: 'account_id = $1',
    values: [requireAccount(ctx)],
    sortKey: 'updated_at',
    sortType: 'timestamptz',
    descending: true,
  };
}

export const listConversationsErrors = pageErrors;

/** The caller's conversations, the one last written to first. */
export function listConversations(ctx: Context, page: PageArguments): Promise<Page<ConversationRow>> {
  return readPage<ConversationRow>(ctx, conversationsOf(ctx), page);
}

/** How many conversations the caller has. */
export function countConversations(ctx: Context): Promise<number> {
  return countList(ctx, conversationsOf(ctx));
}

export const conversationMessagesErrors = pageErrors;

/** The messages of a conversation that is the caller's already, oldest first. */
export const conversationMessages = childPages<ChatMessageRow>((ctx) => ({
  name: 'messages',
  columns: messageColumns,
  from: 'assistant.chat_message',
  where: 'account_id = $1',
  values: [requireAccount(ctx)],
  parentKey: 'conversation_id',
  sortKey: 'position',
  sortType: 'int',
  descending: false,
}));
