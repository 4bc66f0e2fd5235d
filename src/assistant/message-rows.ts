import { z } from 'zod';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import { requireMay, requireMayErrors } from '../accounts/index.js';
import { childPages } from '../kernel/child-pages.js';
import { type Context, load, readByIds, requireAccount } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { parse, parseErrors, parseId } from '../kernel/input.js';
import { countList, type KeysetList, type Page, type PageArguments, pageErrors, readPage } from '../kernel/page.js';
import { type RowIn, rowsWithout } from '../kernel/rows.js';
import { holds, searchText } from '../kernel/search.js';

const messageRows = rowsWithout(ChatMessage, ['authorId', 'position', 'sessionId', 'content']);
const conversationRows = rowsWithout(Conversation, ['untitled']);
/** The select list of a conversation. */
export const conversationColumns = conversationRows.columns;

/** A message as reads see it. */
export type ChatMessageRow = RowIn<typeof messageRows> & {
  /** Of an answer that is being written, what is stored of it so far. */
  readonly content: string;
  /** Whether there will be no more of it: a run outlives a stop until its last piece is stored. */
  readonly isWritten: boolean;
};

/** A conversation as reads see it. */
export type ConversationRow = RowIn<typeof conversationRows>;

/** The SQL of a message's text. */
export const storedContent = 'coalesce(content, llm.text_of_run(account_id, run_id))';

/** The select list of a message. */
export const messageColumns = `${messageRows.columns}, ${storedContent} as content, content is not null as "isWritten"`;

/** Messages by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeMessagesById(ctx: Context, ids: readonly string[]): Promise<(ChatMessageRow | null)[]> {
  const text = `select ${messageColumns} from assistant.chat_message where id = any($1::uuid[])`;
  return readByIds<ChatMessageRow>(ctx, text, ids);
}

/** Conversations by id; null where there is none. Whose they are is for the caller to check. */
export function unsafeConversationsById(ctx: Context, ids: readonly string[]): Promise<(ConversationRow | null)[]> {
  const text = `select ${conversationRows.columns} from assistant.conversation where id = any($1::uuid[])`;
  return readByIds<ConversationRow>(ctx, text, ids);
}

export const readConversationErrors: DeclaredErrors = { ...parseErrors, ...requireMayErrors };

/** The caller's conversation. */
export async function readConversation(ctx: Context, id: string): Promise<ConversationRow> {
  return requireMay(ctx, 'read conversation', await load(ctx, unsafeConversationsById, parseId(id)));
}

function conversationsOf(ctx: Context, given: unknown): KeysetList {
  const { search } = parse(z.object({ search: searchText }), { search: given });
  const list = { name: 'conversations', columns: conversationRows.columns, from: 'assistant.conversation' };
  const all = { where: 'account_id = $1', values: [requireAccount(ctx)] };
  const found = { where: `account_id = $1 and ${holds('title', '$2')}`, values: [requireAccount(ctx), search] };
  return {
    ...list,
    ...(search === null ? all : found),
    sortKey: 'updated_at',
    sortType: 'timestamptz',
    descending: true,
  };
}

export const listConversationsErrors: DeclaredErrors = { ...parseErrors, ...pageErrors };

/** The caller's conversations, the one last written to first; when something is searched for, those whose titles hold it. */
export function listConversations(ctx: Context, search: unknown, page: PageArguments): Promise<Page<ConversationRow>> {
  return readPage<ConversationRow>(ctx, conversationsOf(ctx, search), page);
}

/** How many conversations the whole list has. */
export function countConversations(ctx: Context, search: unknown): Promise<number> {
  return countList(ctx, conversationsOf(ctx, search));
}

export const conversationMessagesErrors = pageErrors;

function messagesWhere(name: string, where: string) {
  return childPages<ChatMessageRow>((ctx) => ({
    name,
    columns: messageColumns,
    from: 'assistant.chat_message',
    where,
    values: [requireAccount(ctx)],
    parentKey: 'conversation_id',
    sortKey: 'position',
    sortType: 'int',
    descending: false,
  }));
}

/** The messages of a conversation that is the caller's already, oldest first: those of its current branch. */
export const conversationMessages = messagesWhere('messages', 'account_id = $1 and superseded_by is null');

/** The same with those that others have taken the place of. */
export const allConversationMessages = messagesWhere('all messages', 'account_id = $1');
