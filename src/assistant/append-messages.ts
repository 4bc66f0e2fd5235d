import { ChatMessageState, ChatRole } from '../../entities/assistant/chat-message.js';
import { record } from '../activity/index.js';
import { aiRequested, messageCreated } from '../events/assistant.js';
import { newId, requirePerson, runStatement, type Tx } from '../kernel/context.js';
import type { DeclaredErrors } from '../kernel/errors.js';
import { startRun } from '../llm/index.js';
import { answerPrice, chatAnswer } from './answer.js';
import type { ChatMessageRow } from './message-rows.js';
import { countRequestOnTask, type RequestsOnTask } from './requests-on-task.js';

/** What beginning an answer is refused with. */
export const beginAnswerErrors: DeclaredErrors = { INSUFFICIENT_CREDITS: '', CREDIT_LIMIT_REACHED: '' };

/** Where something is asked, and which task it is about. */
interface Subject {
  readonly conversationId: string;
  readonly taskId: string | null;
}

/** An answer that has begun. */
export interface BegunAnswer extends RequestsOnTask {
  readonly answer: ChatMessageRow;
  readonly creditsRemaining: number;
}

/** Appends a question to a conversation, and begins its answer. @throws INSUFFICIENT_CREDITS, CREDIT_LIMIT_REACHED */
export async function appendQuestion(
  tx: Tx,
  subject: Subject,
  content: string,
): Promise<BegunAnswer & { readonly question: ChatMessageRow }> {
  const question = messageRow(tx, subject, {
    id: newId(tx.clock),
    role: ChatRole.USER,
    content,
    state: ChatMessageState.COMPLETE,
    isWritten: true,
    runId: null,
  });
  return { question, ...(await begin(tx, subject, [question])) };
}

/** Begins another answer to the last question of a conversation. @throws INSUFFICIENT_CREDITS, CREDIT_LIMIT_REACHED */
export function appendAnswer(tx: Tx, subject: Subject): Promise<BegunAnswer> {
  return begin(tx, subject, []);
}

/** Stores the questions and behind them an empty answer, for which it holds a credit and asks the model. */
async function begin(tx: Tx, subject: Subject, questions: readonly ChatMessageRow[]): Promise<BegunAnswer> {
  const { conversationId, taskId } = subject;
  const requests = await countRequestOnTask(tx, taskId);
  const id = newId(tx.clock);
  const { run, creditsRemaining } = await startRun(tx, chatAnswer, {
    amount: answerPrice,
    key: `chat:${id}`,
    reason: 'Chat message',
  });
  const answer = messageRow(tx, subject, {
    id,
    role: ChatRole.ASSISTANT,
    content: '',
    state: ChatMessageState.STREAMING,
    isWritten: false,
    runId: run.id,
  });
  const messages = [...questions, answer];
  await insertMessages(tx, subject, messages);
  await record(tx, ...messages.map((message) => messageCreated(message.id, { conversationId })));
  await record(tx, aiRequested(id, { kind: 'chat', taskId }));
  return { answer, creditsRemaining, ...requests };
}

type NewMessage = Pick<ChatMessageRow, 'id' | 'role' | 'content' | 'state' | 'isWritten' | 'runId'>;

function messageRow(tx: Tx, subject: Subject, given: NewMessage): ChatMessageRow {
  const nothingYet = { error: null, truncated: false, supersededBy: null, rating: null, feedback: null };
  return { ...given, ...subject, ...nothingYet, accountId: tx.unit.account.id, createdAt: tx.clock.now() };
}

/** At the end of their conversation, in their order. */
async function insertMessages(tx: Tx, { conversationId, taskId }: Subject, messages: readonly ChatMessageRow[]) {
  const { id: authorId, sessionId } = requirePerson(tx);
  await runStatement(
    tx,
    `insert into assistant.chat_message
       (account_id, id, conversation_id, author_id, position, role, content, state, task_id, session_id, run_id, error, created_at)
     select $1, message.id, $2, case when role = 'USER' then $3::uuid end, (next + number - 1)::int, role, content, state,
       $4, case when role = 'ASSISTANT' and $4::uuid is not null then $5::uuid end, run_id, null, $6
     from (
       select coalesce(max(position) + 1, 0) as next from assistant.chat_message
       where account_id = $1 and conversation_id = $2
     ) as place
     cross join unnest($7::uuid[], $8::text[], $9::text[], $10::text[], $11::uuid[]) with ordinality
       as message (id, role, content, state, run_id, number)`,
    [
      tx.unit.account.id,
      conversationId,
      authorId,
      taskId,
      sessionId,
      tx.clock.now(),
      messages.map(({ id }) => id),
      messages.map(({ role }) => role),
      messages.map(({ content, isWritten }) => (isWritten ? content : null)),
      messages.map(({ state }) => state),
      messages.map(({ runId }) => runId),
    ],
  );
}
