import OpenAI from 'openai';
import { z } from 'zod';
import { AppError } from '../kernel/errors.js';
import { isVisible } from '../kernel/text.js';
import { Standstill } from '../platform/standstill.js';
import { readEventStream } from './event-stream.js';

/** One message of what the model is told. */
export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Tokens that a model has read and written. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a model costs: dollars for a million tokens, which are millionths of a dollar for one. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

/** One question to a model. */
interface ChatRequest {
  readonly model: string;
  readonly turns: readonly ChatTurn[];
  readonly signal: AbortSignal;
  /** Told what the provider has counted, when it says so: the last time is what holds. */
  onUsage(usage: TokenUsage): void;
  /** Told what the model thinks before it speaks: none of the answer, and paid for as if it was. */
  onThought(thought: string): void;
  /** Told when the provider has not taken the question at all. */
  onRefused(): void;
}

/** Language models that answer in pieces. */
export interface LanguageModel {
  /** The model for whatever asks for none in particular. */
  readonly standardModel: string;
  /** Prices by model. */
  readonly prices: ReadonlyMap<string, ModelPrice>;
  /**
   * Yields an answer's text as it comes, in whole characters and without NUL. Ends normally only when the provider said
   * that the answer is complete, and there was something to see in it. @throws AI_SERVICE_UNAVAILABLE; the signal's reason when it aborts
   */
  streamChat(request: ChatRequest): AsyncIterable<string>;
}

/** Which models, where, and how patient we are. */
export interface OpenAiOptions extends Pick<LanguageModel, 'standardModel' | 'prices'> {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly firstTokenTimeoutMs: number;
  /** Between two pieces. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
  /** UTF-16 code units; a longer answer is cut off there and counts as complete. */
  readonly maxAnswerLength: number;
}

/**
 * Reasons to end, in lower case, after which an answer is not what was asked for; servers that speak OpenAI's protocol
 * each add their own. With any other one it is complete ("end_turn", "eos"), also where the model had no room for more
 * ("length"); a stream that was cut off ends without any.
 */
const failureReasons: ReadonlySet<string> = new Set([
  'content_filter',
  'content_filtered',
  'guardrail_intervened',
  'refusal',
  'safety',
  'sensitive',
  'recitation',
  'blocklist',
  'prohibited_content',
  'spii',
  'error_toxic',
  // Nobody offered any.
  'tool_calls',
  'tool_use',
  'function_call',
  'function_call_filter',
  'malformed_function_call',
  'unexpected_tool_call',
  'malformed_response',
  'error',
  'abort',
  'aborted',
  'cancelled',
  'network_error',
  'insufficient_system_resource',
]);

/** Gemini says more behind a colon: "content_filter: PROHIBITED_CONTENT". */
function isFailure(finishReason: string): boolean {
  const [reason = ''] = finishReason.toLowerCase().split(':');
  return failureReasons.has(reason.trim());
}

/** OpenAI's SDK behind our interface; any server that speaks its protocol will do. */
export function openAiModel(options: OpenAiOptions): LanguageModel {
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    maxRetries: 1,
    timeout: options.firstTokenTimeoutMs,
    // It would write to the console, past our log.
    logLevel: 'off',
  });
  const { standardModel, prices } = options;
  return { standardModel, prices, streamChat: (request) => streamChat(client, options, request) };
}

async function* streamChat(
  client: OpenAI,
  options: OpenAiOptions,
  { model, turns, signal, onUsage, onThought, onRefused }: ChatRequest,
): AsyncGenerator<string, void, undefined> {
  const limits = new TimeLimits(options);
  const abort = () => limits.end();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const response = await client.chat.completions
      .create(
        { model, messages: [...turns], stream: true, stream_options: { include_usage: true } },
        { signal: limits.signal },
      )
      .asResponse()
      .catch((error: unknown) => {
        if (!limits.signal.aborted && !(error instanceof OpenAI.APIConnectionTimeoutError)) onRefused();
        throw error;
      });
    const answer = new AnswerText(options.maxAnswerLength);
    const choice = new FirstChoice();
    let finishReason = '';
    for await (const chunks of readChunks(response)) {
      let piece = '';
      let thoughts = '';
      for (const chunk of chunks) {
        const { text, thought, finishReason: reason, usage } = choice.read(chunk);
        thoughts += thought;
        if (usage) onUsage(usage);
        // A server behind another one may add its own `stop` to what ended for another reason.
        if (!isFailure(finishReason)) finishReason = reason || finishReason;
        piece += text;
      }
      if (thoughts !== '') {
        onThought(thoughts);
        // Whoever thinks before they speak may do so for longer than they may be silent.
        limits.resume();
      }
      if (piece === '') continue;
      const text = answer.take(piece);
      limits.pause();
      if (text !== '') yield text;
      if (answer.isCut) {
        finishReason = 'length';
        break;
      }
      limits.resume();
    }
    signal.throwIfAborted();
    if (finishReason === '' || isFailure(finishReason))
      throw new Error(`The answer ended with ${finishReason || 'no reason'}.`);
    if (!answer.isVisible) throw new Error(`The answer ended with ${finishReason}, and without any text.`);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw unavailable(limits.signal.aborted ? limits.signal.reason : error, options.apiKey);
  } finally {
    limits.end();
    signal.removeEventListener('abort', abort);
  }
}

/**
 * The chunks of an answer, those together that have come together. The SDK's own stream hands on each by itself, which
 * costs most of what reading an answer does.
 * @throws when the provider reports a failure, or says what is no JSON
 */
async function* readChunks(response: Response): AsyncGenerator<readonly OpenAI.ChatCompletionChunk[], void, undefined> {
  if (!response.body) return;
  for await (const events of readEventStream(response.body)) {
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    let failure: Error | null = null;
    for (const { event, data } of events) {
      if (data === '[DONE]') return yield chunks;
      // What the SDK takes it for as well; `FirstChoice` relies on no more than it looks at.
      const chunk: OpenAI.ChatCompletionChunk | null = JSON.parse(data);
      failure = failureIn(event, chunk);
      if (failure) break;
      if (chunk) chunks.push(chunk);
    }
    yield chunks;
    if (failure) throw failure;
  }
}

/** What a provider reports in the middle of its answer; null when it goes on. */
function failureIn(event: string | undefined, chunk: unknown): Error | null {
  const told = typeof chunk === 'object' && chunk !== null && 'error' in chunk ? chunk.error : null;
  if (event !== 'error' && !told) return null;
  return new Error(`The provider reports ${JSON.stringify(told ?? chunk).slice(0, 1_000)}`);
}

/** A piece of text; parts of other types, such as a model's reasoning, are none of the answer. */
const Text = z.union([
  z.string(),
  z.object({ type: z.literal('text'), text: z.string() }).transform(({ text }) => text),
  z.object({ type: z.literal('refusal'), refusal: z.string() }).transform(({ refusal }) => refusal),
]);
const Part = Text.catch('');
const Content = z.union([Part.array().transform((parts) => parts.join('')), Text]).catch('');
const Delta = z.object({ content: Content, refusal: z.string().catch('') }).catch({ content: '', refusal: '' });
/** A part of the content that a model only thinks, as Mistral and Anthropic send it: a text, or parts of one. */
const Thinking = z.union([
  z.object({ type: z.literal('thinking'), thinking: z.unknown() }).transform(({ thinking }) => textOf(thinking)),
  z.object({ type: z.literal('reasoning'), text: z.unknown() }).transform(({ text }) => textOf(text)),
]);
/** What a model thinks: DeepSeek and vLLM send it as `reasoning_content`, OpenRouter as `reasoning`. */
const Thought = z
  .union([
    z.object({ reasoning_content: z.string().min(1) }).transform((delta) => delta.reasoning_content),
    z.object({ reasoning: z.string().min(1) }).transform((delta) => delta.reasoning),
    z.object({ content: z.array(Thinking.catch('')) }).transform((delta) => delta.content.join('')),
  ])
  .catch('');
const Choice = z.object({
  index: z.number().catch(0),
  finish_reason: z.string().catch(''),
  delta: z.unknown().transform((delta) => ({ ...Delta.parse(delta), thought: Thought.parse(delta) })),
});
/** A text that may have come in parts; as JSON where it has another shape. */
function textOf(given: unknown): string {
  return typeof given === 'string' ? given : (JSON.stringify(given) ?? '');
}

/** What is more than a column takes is no count. */
const count = z.int().min(0).max(2_147_483_647).catch(0);
const Usage = z
  .object({ prompt_tokens: count, completion_tokens: count })
  .transform(({ prompt_tokens, completion_tokens }) => ({
    inputTokens: prompt_tokens,
    outputTokens: completion_tokens,
  }))
  .nullable()
  .catch(null);
/**
 * Servers that speak OpenAI's protocol differ in what they leave out and add: usage comes without choices, the first
 * piece without text, an unfinished choice with an empty reason. What is not understood says nothing.
 */
const Chunk = z.object({ choices: z.array(Choice).catch([]), usage: Usage });

/** What one chunk comes to. */
interface Addition {
  readonly text: string;
  readonly thought: string;
  /** Empty while it goes on. */
  readonly finishReason: string;
  readonly usage: TokenUsage | null;
}

/**
 * The choice that is the answer: the first one with text, which is not everywhere number 0. We ask for one; of a server
 * that sends several all but one are left out.
 */
class FirstChoice {
  #index: number | null = null;

  /** What a chunk adds to the answer; a refusal is the answer too. */
  read(chunk: OpenAI.ChatCompletionChunk): Addition {
    const usual = chunk.choices?.length === 1 ? chunk.choices[0] : undefined;
    // Thousands a second are plain text: they are not looked at more closely.
    if (
      usual?.index === this.#index &&
      typeof usual?.delta?.content === 'string' &&
      !usual.delta.refusal &&
      !usual.finish_reason
    ) {
      return { text: usual.delta.content, thought: '', finishReason: '', usage: null };
    }
    const { choices: given, usage } = Chunk.parse(chunk);
    const choices = given.map(({ index, finish_reason: finishReason, delta }) => {
      return { index, finishReason, text: delta.content + delta.refusal, thought: delta.thought };
    });
    const spoken = choices.filter(({ text }) => text !== '').map(({ index }) => index);
    if (spoken.length > 0) this.#index ??= Math.min(...spoken);
    const own = choices.filter(({ index }) => index === this.#index);
    return {
      text: own.map(({ text }) => text).join(''),
      thought: choices.map(({ thought }) => thought).join(''),
      finishReason: own.map(({ finishReason }) => finishReason).join(''),
      usage,
    };
  }
}

/** How long one answer may take. The limit that runs out aborts the request upstream and is the reason given. */
class TimeLimits {
  readonly #upstream = new AbortController();
  readonly #total: NodeJS.Timeout;
  readonly #first: NodeJS.Timeout;
  readonly #idleMs: number;
  readonly #standstill = new Standstill();
  #idle: NodeJS.Timeout | null = null;
  /** A reader who takes long with a piece is no silence of the provider's. */
  #isWaiting = true;

  constructor({ firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs }: OpenAiOptions) {
    this.#total = setTimeout(() => this.#giveUp('The answer took too long in total.'), totalTimeoutMs);
    this.#first = this.#limit(firstTokenTimeoutMs, 'The first piece did not come in time.');
    this.#idleMs = idleTimeoutMs;
  }

  get signal(): AbortSignal {
    return this.#upstream.signal;
  }

  /** A piece came. */
  pause(): void {
    this.#isWaiting = false;
  }

  /** The next piece is waited for; one timer is wound up again for each, since making one costs more. */
  resume(): void {
    this.#isWaiting = true;
    if (this.#idle) {
      this.#idle.refresh();
      return;
    }
    clearTimeout(this.#first);
    this.#idle = this.#limit(this.#idleMs, 'The next piece did not come in time.');
  }

  /** Nothing more is wanted: aborts the request when it still runs. */
  end(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#first);
    if (this.#idle) clearTimeout(this.#idle);
    this.#standstill.close();
    this.#upstream.abort();
  }

  /** What came while this process stood still has not been read yet: the time begins anew. */
  #limit(ms: number, reason: string): NodeJS.Timeout {
    const timer = setTimeout(() => {
      if (!this.#isWaiting) return;
      if (this.#standstill.endedAt > performance.now() - ms) timer.refresh();
      else this.#giveUp(reason);
    }, ms);
    return timer;
  }

  #giveUp(reason: string): void {
    this.#upstream.abort(new Error(reason));
  }
}

/** What may be shown of the pieces so far: whole characters, up to a length. */
class AnswerText {
  #room: number;
  #held = '';
  /** There was more than had room. */
  isCut = false;
  /** There was something to see. */
  isVisible = false;

  constructor(maxLength: number) {
    this.#room = maxLength;
  }

  /**
   * A provider may split a character outside the basic plane over two pieces; its first half waits for the second. A
   * half without the other becomes U+FFFD, and NUL, which PostgreSQL's text does not have, goes.
   */
  take(piece: string): string {
    const all = this.#held + piece;
    this.isCut = all.length > this.#room;
    const fitting = this.isCut ? all.slice(0, this.#room) : all;
    const last = fitting.charCodeAt(fitting.length - 1);
    const isHalf = last >= 0xd800 && last <= 0xdbff;
    const whole = isHalf ? fitting.slice(0, -1) : fitting;
    this.#held = isHalf ? fitting.slice(-1) : '';
    this.#room -= whole.length;
    const text = whole.toWellFormed().replaceAll('\0', '');
    this.isVisible ||= isVisible(text);
    return text;
  }
}

/** Keeps what happened as text: the SDK's errors hold headers, and a provider may repeat our key in its message. */
function unavailable(error: unknown, apiKey: string): AppError {
  const told: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause)
    told.push(`${each.constructor.name}: ${each.message}`);
  const text = told.join(' < ') || typeof error;
  const cause = new Error(apiKey === '' ? text : text.replaceAll(apiKey, '[key]'));
  return new AppError(
    'AI_SERVICE_UNAVAILABLE',
    'The assistant cannot answer right now. Try again later.',
    {},
    { cause },
  );
}
