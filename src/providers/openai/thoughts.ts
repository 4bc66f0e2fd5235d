import { z } from 'zod';

/** A text that may have come in parts; as JSON where it has another shape. */
function textOf(given: unknown): string {
  return typeof given === 'string' ? given : (JSON.stringify(given) ?? '');
}

/** A part of the content that a model only thinks, as Mistral and Anthropic send it: a text, or parts of one. */
const Thinking = z.union([
  z.object({ type: z.literal('thinking'), thinking: z.unknown() }).transform(({ thinking }) => textOf(thinking)),
  z.object({ type: z.literal('reasoning'), text: z.unknown() }).transform(({ text }) => textOf(text)),
]);

/** A part of what OpenRouter sends as `reasoning_details`: text, a summary, or what only the provider can read. */
const Detail = z.union([
  z.object({ type: z.literal('reasoning.text'), text: z.string() }).transform(({ text }) => text),
  z.object({ type: z.literal('reasoning.summary'), summary: z.string() }).transform(({ summary }) => summary),
  z.object({ type: z.literal('reasoning.encrypted'), data: z.string() }).transform(({ data }) => data),
]);

/**
 * What a model thinks: DeepSeek and vLLM send it as `reasoning_content`, OpenRouter as `reasoning` and, the same once more
 * or instead, as `reasoning_details`. One of them counts, else it would be paid for twice.
 * @see https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
export const Thought = z
  .union([
    z.object({ reasoning_content: z.string().min(1) }).transform((delta) => delta.reasoning_content),
    z.object({ reasoning: z.string().min(1) }).transform((delta) => delta.reasoning),
    z
      .object({ reasoning_details: z.array(Detail.catch('')).min(1) })
      .transform((delta) => delta.reasoning_details.join('')),
    z.object({ content: z.array(Thinking.catch('')) }).transform((delta) => delta.content.join('')),
  ])
  .catch('');
