import type { ModelPrice, TokenUsage } from '../kernel/context.js';

/** What a run took of its model. */
export interface RunUsage extends TokenUsage {
  /** Whether a part was estimated, since the provider did not report it. */
  readonly isEstimated: boolean;
}

/** UTF-8 bytes of a token, on average over languages: OpenAI counts some four characters of English to a token. */
const bytesOfToken = 4;

/**
 * The tokens of a text, where nobody counted them.
 * @see https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them
 */
export function estimateTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text));
}

/** The same of UTF-8 bytes that were not kept. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / bytesOfToken);
}

/** What was reported last, each count by itself: some providers send them apart, or a poorer one at the end. */
export function latestUsage(before: TokenUsage | null, now: TokenUsage): TokenUsage {
  return {
    inputTokens: now.inputTokens || (before?.inputTokens ?? 0),
    outputTokens: now.outputTokens || (before?.outputTokens ?? 0),
  };
}

/** What the provider reported; a count that it did not report, or reported as none, is estimated. */
export function usageOf(reported: TokenUsage | null, estimated: TokenUsage): RunUsage {
  const inputTokens = reported?.inputTokens || estimated.inputTokens;
  const outputTokens = reported?.outputTokens || estimated.outputTokens;
  const isEstimated = inputTokens !== reported?.inputTokens || outputTokens !== reported.outputTokens;
  return { inputTokens, outputTokens, isEstimated };
}

/** Millionths of a dollar, rounded up; null where the price is not known. */
export function costOf({ inputTokens, outputTokens }: TokenUsage, price: ModelPrice | undefined): number | null {
  return price ? Math.ceil(inputTokens * price.input + outputTokens * price.output) : null;
}
