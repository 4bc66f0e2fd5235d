import type { LanguageModel } from './language-model.js';

/** How patient we are with an answer. */
export interface TimeOptions {
  readonly firstTokenTimeoutMs: number;
  /** Between two pieces. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** Which models, where, and how much we wait for and take. */
export interface OpenAiOptions extends TimeOptions, Pick<LanguageModel, 'standardModel' | 'prices'> {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Tokens of an answer whose question does not say how many. */
  readonly maxOutputTokens: number;
  /** UTF-16 code units; a longer answer is cut off there, as one that ran out of tokens is. */
  readonly maxAnswerLength: number;
}
