import OpenAI from 'openai';
import { AppError } from '../errors.js';

/** One message of what the model is told. */
export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A language model that answers in pieces. */
export interface LanguageModel {
  /**
   * Yields an answer's text as it comes, in whole characters. Ends normally only when the provider said that the answer
   * is complete. @throws AI_SERVICE_UNAVAILABLE; the signal's reason when it aborts
   */
  streamChat(turns: readonly ChatTurn[], signal: AbortSignal): AsyncIterable<string>;
}

/** Which model, where, and how patient we are. */
export interface OpenAiOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  readonly firstTokenTimeoutMs: number;
  /** Between two pieces. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
  /** UTF-16 code units; a longer answer is cut off there and counts as complete. */
  readonly maxAnswerLength: number;
}

/** What proves an answer complete: an aborted stream, and one that was cut off, end without any. */
const completeReasons: ReadonlySet<string> = new Set(['stop', 'length']);

/** OpenAI's SDK behind our interface; any server that speaks its protocol will do. */
export function openAiModel(options: OpenAiOptions): LanguageModel {
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    maxRetries: 1,
    timeout: options.firstTokenTimeoutMs,
  });
  return { streamChat: (turns, signal) => streamChat(client, options, turns, signal) };
}

async function* streamChat(
  client: OpenAI,
  options: OpenAiOptions,
  turns: readonly ChatTurn[],
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const upstream = new AbortController();
  const abort = () => upstream.abort();
  signal.addEventListener('abort', abort, { once: true });
  // One timer for the first piece and then for each next one: it is only wound up again.
  const total = setTimeout(abort, options.totalTimeoutMs);
  const first = setTimeout(abort, options.firstTokenTimeoutMs);
  let idle: NodeJS.Timeout | null = null;
  try {
    signal.throwIfAborted();
    const stream = await client.chat.completions.create(
      { model: options.model, messages: [...turns], stream: true, stream_options: { include_usage: true } },
      { signal: upstream.signal },
    );
    let finishReason: string | null = null;
    let length = 0;
    let held = '';
    for await (const { choices } of stream) {
      const [choice] = choices;
      finishReason = choice?.finish_reason ?? finishReason;
      const piece = choice?.delta.content;
      if (!piece) continue;
      clearTimeout(first);
      idle = idle ? idle.refresh() : setTimeout(abort, options.idleTimeoutMs);
      const { whole, rest } = splitHalfCharacter(held + piece);
      held = rest;
      const room = options.maxAnswerLength - length;
      if (whole.length >= room) {
        yield splitHalfCharacter(whole.slice(0, room)).whole;
        finishReason = 'length';
        break;
      }
      length += whole.length;
      if (whole !== '') yield whole;
    }
    signal.throwIfAborted();
    if (!finishReason || !completeReasons.has(finishReason))
      throw new Error(`The answer ended with ${finishReason ?? 'no reason'}.`);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new AppError(
      'AI_SERVICE_UNAVAILABLE',
      'The assistant cannot answer right now. Try again later.',
      {},
      { cause },
    );
  } finally {
    clearTimeout(total);
    clearTimeout(first);
    if (idle) clearTimeout(idle);
    signal.removeEventListener('abort', abort);
    upstream.abort();
  }
}

/** A provider may split a character outside the basic plane over two pieces; its first half waits for the second. */
function splitHalfCharacter(text: string): { whole: string; rest: string } {
  const last = text.charCodeAt(text.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return isHalf ? { whole: text.slice(0, -1), rest: text.slice(-1) } : { whole: text, rest: '' };
}
