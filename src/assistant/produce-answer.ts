import { setTimeout as pause } from 'node:timers/promises';
import { ChatMessageState } from '../../entities/assistant/chat-message.js';
import {
  type Context,
  type DetachedContext,
  isUnavailable,
  type LiveText,
  logFailure,
  runStatement,
  Standstill,
} from '../kernel/context.js';
import { observe } from '../kernel/metrics.js';
import { answerTopic, endAnswer } from './end-answer.js';
import { firstToken } from './metrics.js';
import { type AnswerSubject, buildPrompt } from './prompt.js';

/** How often new text is stored. */
const storeEveryMs = 100;
/**
 * How long a lease lasts, by the database's clock; a process that does not renew it in this time has lost its answers.
 */
export const leaseMs = 15_000;
const renewEveryMs = 4_000;
/**
 * Waits before the end of an answer is stored again, twice as long each time: the longest is far below what the sweeper
 * waits after the database was away.
 */
const [minPauseMs, maxPauseMs] = [100, 1_000];
/** Tries of what fails for another reason than that the database is away, and of a process that ends. */
const minTries = 5;

/**
 * Reads the provider's stream into the stored answer, whether or not anyone listens, and stores how it ended, however long
 * the database is away. Never rejects: what cannot be stored is found by the sweeper once the lease has lapsed.
 */
export async function produceAnswer(ctx: DetachedContext, subject: AnswerSubject): Promise<void> {
  await ctx.services.liveTexts.run(subject.id, async (live) => {
    const store = storeRegularly(ctx, subject, live);
    const state = await write(ctx, subject, live, store);
    // The lease is renewed until the end is stored, however long the account is locked.
    await storeEnd(ctx, subject, live, state);
    await store.end();
  });
  // Only now do readers here find no live text and turn to what is stored.
  ctx.services.doorbell.ring([answerTopic(subject.id)]);
}

async function write(
  ctx: Context,
  subject: AnswerSubject,
  live: LiveText,
  store: Store,
): Promise<ChatMessageState.COMPLETE | ChatMessageState.FAILED> {
  const topic = [answerTopic(subject.id)];
  const startedAt = performance.now();
  let isFirst = true;
  try {
    const turns = await buildPrompt(ctx, subject);
    for await (const piece of ctx.providers.languageModel.streamChat(turns, live.stop.signal)) {
      await store.catchUp();
      live.stop.signal.throwIfAborted();
      live.text += piece;
      ctx.services.doorbell.ring(topic);
      if (isFirst) {
        isFirst = false;
        observe(ctx, firstToken, {}, (performance.now() - startedAt) / 1_000);
        // Readers in this process get the piece before the database does.
        setImmediate(store.now);
      }
    }
    return ChatMessageState.COMPLETE;
  } catch (error) {
    if (!live.stop.signal.aborted) logFailure(ctx.log, error, { messageId: subject.id }, 'an answer failed');
    return ChatMessageState.FAILED;
  }
}

/** What stores a text while it is written. */
interface Store {
  now(): void;
  /** After the process stood still: whether the answer has ended meanwhile must be known before there is more of it. */
  catchUp(): Promise<void>;
  end(): Promise<void>;
}

/** Stores the text when it has grown, and renews the lease also when it has not; one statement at a time. */
function storeRegularly(ctx: Context, subject: AnswerSubject, live: LiveText): Store {
  const standstill = new Standstill();
  let running: Promise<void> | null = null;
  let storedAt = performance.now();
  /** When the last statement that has been answered, or given up, was begun. */
  let askedAt = storedAt;
  const store = async () => {
    const beganAt = performance.now();
    try {
      await storeText(ctx, subject, live);
      storedAt = performance.now();
    } catch (error) {
      logFailure(ctx.log, error, { messageId: subject.id }, 'a piece of an answer could not be stored yet');
      if (performance.now() - storedAt > leaseMs) live.stop.abort(new Error('The lease has lapsed.'));
    } finally {
      askedAt = beganAt;
      running = null;
    }
  };
  const now = () => {
    running ??= store();
  };
  const timer = setInterval(() => {
    if (live.text.length > live.storedLength || performance.now() - storedAt > renewEveryMs) now();
  }, storeEveryMs);
  return {
    now,
    catchUp: async () => {
      const hasAsked = () => standstill.endedAt <= askedAt;
      if (hasAsked()) return;
      await running;
      if (hasAsked()) return;
      now();
      await running;
    },
    end: async () => {
      clearInterval(timer);
      standstill.close();
      await running;
    },
  };
}

/** The whole text each time, so that storing twice does no harm. Stops the writer when the answer is not its any more. */
async function storeText(ctx: Context, { id: messageId, accountId }: AnswerSubject, live: LiveText): Promise<void> {
  const { text } = live;
  const { instanceId, notifyBridge } = ctx.services;
  const [row] = await runStatement(
    ctx,
    `update assistant.chat_message set content = $2, lease_until = now() + $3 * interval '1 ms'
     where account_id = $5 and id = $1 and lease_owner = $4 and state = 'STREAMING' returning id`,
    [messageId, text, leaseMs, instanceId, accountId],
  );
  if (!row) return live.stop.abort(new Error('The answer was ended elsewhere.'));
  const grown = text.length > live.storedLength;
  live.storedLength = text.length;
  if (grown) notifyBridge.ring([answerTopic(messageId)]);
}

/** As long as the database is away, the whole answer is in this process alone. */
async function storeEnd(
  ctx: Context,
  { id: messageId, accountId }: AnswerSubject,
  live: LiveText,
  state: ChatMessageState.COMPLETE | ChatMessageState.FAILED,
): Promise<void> {
  const leaseOwner = ctx.services.instanceId;
  let pauseMs = minPauseMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await endAnswer(ctx, { messageId, accountId, state, text: live.text, leaseOwner });
    } catch (error) {
      logFailure(ctx.log, error, { messageId }, 'the end of an answer could not be stored yet');
      const passes = isUnavailable(error) && !live.giveUp.signal.aborted;
      if (!passes && tries >= minTries) return;
      await pause(pauseMs);
      pauseMs = Math.min(2 * pauseMs, maxPauseMs);
    }
  }
}
