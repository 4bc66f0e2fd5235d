import OpenAI from 'openai';
import type { OpenAiOptions } from './options.js';

/** A question in the protocol's words, but for how long its answer may be. */
export type Question = Omit<
  OpenAI.ChatCompletionCreateParamsStreaming,
  'stream' | 'stream_options' | 'max_tokens' | 'max_completion_tokens'
>;

/** The fields that say how many tokens an answer may have. */
type LengthField = 'max_tokens' | 'max_completion_tokens';

/** A server that speaks OpenAI's protocol. */
export class Endpoint {
  readonly #client: OpenAI;
  /**
   * Models that take no `max_tokens`; there are no more than are configured. It comes first because most servers know it:
   * Ollama ignores `max_completion_tokens`, as llama.cpp did until 2026, so that an answer would have no end, and Mistral
   * refuses it. OpenAI's newer models refuse the other, and say so.
   * @see https://github.com/ollama/ollama/issues/7125
   * @see https://github.com/ggml-org/llama.cpp/pull/19831
   * @see https://github.com/editor-code-assistant/eca/issues/231
   * @see https://github.com/BerriAI/litellm/issues/13381
   */
  readonly #newerModels = new Set<string>();

  constructor({ apiKey, baseUrl, firstTokenTimeoutMs }: OpenAiOptions) {
    this.#client = new OpenAI({
      apiKey,
      baseURL: baseUrl,
      maxRetries: 1,
      timeout: firstTokenTimeoutMs,
      // It would write to the console, past our log.
      logLevel: 'off',
      fetch: fetchWithShortErrors,
    });
  }

  /** Asks in each of these ways until one is not refused for what it asks for. @throws what the SDK does */
  async ask(ways: readonly Question[], maxOutputTokens: number, signal: AbortSignal): Promise<Response> {
    const [way, ...others] = ways;
    if (!way) throw new Error('Nothing was asked.');
    try {
      return await this.#askOnce(way, maxOutputTokens, signal);
    } catch (error) {
      if (others.length === 0 || !isMisunderstanding(error)) throw error;
      return this.ask(others, maxOutputTokens, signal);
    }
  }

  async #askOnce(question: Question, maxOutputTokens: number, signal: AbortSignal): Promise<Response> {
    const { model } = question;
    if (this.#newerModels.has(model)) return this.#send(question, 'max_completion_tokens', maxOutputTokens, signal);
    try {
      return await this.#send(question, 'max_tokens', maxOutputTokens, signal);
    } catch (error) {
      // "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
      if (!isMisunderstanding(error) || !error.message.includes('max_completion_tokens')) throw error;
      const response = await this.#send(question, 'max_completion_tokens', maxOutputTokens, signal);
      this.#newerModels.add(model);
      return response;
    }
  }

  #send(question: Question, field: LengthField, maxOutputTokens: number, signal: AbortSignal): Promise<Response> {
    const length =
      field === 'max_tokens' ? { max_tokens: maxOutputTokens } : { max_completion_tokens: maxOutputTokens };
    return this.#client.chat.completions
      .create({ ...question, ...length, stream: true, stream_options: { include_usage: true } }, { signal })
      .asResponse();
  }
}

/** Bytes of an error's body that are read: what providers say of one has a few hundred. */
const maxErrorBytes = 64_000;

/** The SDK would hold all of the body of an error, however long that is. */
const fetchWithShortErrors: typeof fetch = async (address, init) => {
  const response = await fetch(address, init);
  return response.ok ? response : new Response(cutAfter(response.body, maxErrorBytes), response);
};

/** The beginning of a body; the provider is asked for no more of it. */
function cutAfter(body: Response['body'], maxBytes: number): Response['body'] {
  let room = maxBytes;
  const cut = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      controller.enqueue(chunk.subarray(0, room));
      room -= chunk.length;
      if (room <= 0) controller.terminate();
    },
  });
  return body?.pipeThrough(cut) ?? null;
}

/** A server that does not know what it is asked for answers 400; Mistral, and DeepSeek at times, 422. */
function isMisunderstanding(error: unknown): error is Error {
  return error instanceof OpenAI.BadRequestError || error instanceof OpenAI.UnprocessableEntityError;
}
