import type OpenAI from 'openai';
import { z } from 'zod';
import type { TokenUsage } from './language-model.js';
import { Thought } from './thoughts.js';
import { type CallPiece, CallPieces, LegacyCallPiece } from './tool-calls.js';

/** A piece of text; parts of other types, such as a model's reasoning, are none of the answer. */
const Text = z.union([
  z.string(),
  z.object({ type: z.literal('text'), text: z.string() }).transform(({ text }) => text),
  z.object({ type: z.literal('refusal'), refusal: z.string() }).transform(({ refusal }) => refusal),
]);
const Part = Text.catch('');
const Content = z.union([Part.array().transform((parts) => parts.join('')), Text]).catch('');
const Delta = z
  .object({ content: Content, refusal: z.string().catch(''), tool_calls: CallPieces, function_call: LegacyCallPiece })
  .catch({ content: '', refusal: '', tool_calls: [], function_call: [] });
const Choice = z.object({
  index: z.number().catch(0),
  finish_reason: z.string().catch(''),
  delta: z.unknown().transform((given) => {
    const { content, refusal, tool_calls: calls, function_call: legacy } = Delta.parse(given);
    return { text: content + refusal, calls: calls.length > 0 ? calls : legacy, thought: Thought.parse(given) };
  }),
});
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
 * Servers that speak OpenAI's protocol differ in what they leave out and add: usage comes without choices, in the last
 * chunk or in none, the first piece without text, an unfinished choice with an empty reason, Azure's first chunk with what
 * its filter says of the question and without choices. What is not understood says nothing.
 * @see https://github.com/openai/openai-python/issues/1266
 */
const Chunk = z.object({ choices: z.array(Choice).catch([]), usage: Usage });

/** What one chunk adds to the answer. */
export interface Addition {
  readonly text: string;
  readonly thought: string;
  readonly calls: readonly CallPiece[];
  /** Empty while it goes on. */
  readonly finishReason: string;
  readonly usage: TokenUsage | null;
}

/**
 * The choice that is the answer: the first one with text or a tool call, which is not everywhere number 0. We ask for one;
 * of a server that sends several all but one are left out.
 */
export class FirstChoice {
  #index: number | null = null;

  /** @param takesCalls whether a tool call is a part of the answer: it is none when no tool was offered */
  constructor(private readonly takesCalls: boolean) {}

  /** What a chunk adds to the answer; a refusal is the answer too. */
  read(chunk: OpenAI.ChatCompletionChunk): Addition {
    const usual = chunk.choices?.length === 1 ? chunk.choices[0] : undefined;
    const delta = usual?.delta;
    // Thousands a second are plain text: they are not looked at more closely.
    if (
      usual?.index === this.#index &&
      typeof delta?.content === 'string' &&
      delta.content !== '' &&
      !delta.refusal &&
      !delta.tool_calls &&
      !delta.function_call &&
      !usual?.finish_reason
    ) {
      return { text: delta.content, thought: '', calls: [], finishReason: '', usage: null };
    }
    return this.#readClosely(chunk);
  }

  #readClosely(chunk: OpenAI.ChatCompletionChunk): Addition {
    const { choices, usage } = Chunk.parse(chunk);
    const begun = choices.filter(({ delta }) => delta.text !== '' || (this.takesCalls && delta.calls.length > 0));
    if (begun.length > 0) this.#index ??= Math.min(...begun.map(({ index }) => index));
    const own = choices.filter(({ index }) => index === this.#index);
    return {
      text: own.map(({ delta }) => delta.text).join(''),
      thought: choices.map(({ delta }) => delta.thought).join(''),
      calls: this.takesCalls ? own.flatMap(({ delta }) => delta.calls) : [],
      finishReason: own.map(({ finish_reason: reason }) => reason).join(''),
      usage,
    };
  }
}
