import OpenAI from 'openai';
import { Answer } from './answer.js';
import { readChunks } from './chunks.js';
import type { Endpoint, Question } from './endpoint.js';
import type { EndReason, ModelPiece, ModelRequest } from './language-model.js';
import type { OpenAiOptions } from './options.js';
import { TimeLimits } from './time-limits.js';
import { unavailable } from './unavailable.js';

/** Whom we ask. */
export interface Server {
  readonly endpoint: Endpoint;
  readonly options: OpenAiOptions;
}

/** A question to a server. */
interface Asked extends Server {
  readonly request: ModelRequest;
  /** The question in one way, and others for when the server does not take it so. */
  readonly ways: readonly Question[];
  readonly offersTools: boolean;
  /** Told how the answer ended, once it has been read; not when it failed. */
  onEnd(end: { readonly reason: EndReason }): void;
}

/**
 * Asks, and yields the answer as it comes. Whoever leaves early, or aborts, ends it upstream as well.
 * @throws AI_SERVICE_UNAVAILABLE; the signal's reason when it aborts
 */
export async function* readAnswer(asked: Asked): AsyncGenerator<ModelPiece, void, undefined> {
  const { options, request, offersTools } = asked;
  const { signal } = request;
  const limits = new TimeLimits(options);
  let reason: EndReason;
  const abort = () => limits.end();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const response = await open(asked, limits.signal);
    const answer = new Answer(request, offersTools, options.maxAnswerLength);
    for await (const chunks of readChunks(response)) {
      const { text, isAlive } = answer.read(chunks);
      if (!isAlive) continue;
      limits.pause();
      if (text !== '') yield text;
      if (answer.isCut) break;
      limits.resume();
    }
    signal.throwIfAborted();
    const end = answer.end();
    reason = end.reason;
    // Whoever does what is asked may take long.
    limits.end();
    yield* end.calls;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw unavailable(limits.signal.aborted ? limits.signal.reason : error, options.apiKey);
  } finally {
    limits.end();
    signal.removeEventListener('abort', abort);
  }
  asked.onEnd({ reason });
}

async function open({ endpoint, options, request, ways }: Asked, signal: AbortSignal): Promise<Response> {
  try {
    return await endpoint.ask(ways, request.maxOutputTokens ?? options.maxOutputTokens, signal);
  } catch (error) {
    if (!signal.aborted && !(error instanceof OpenAI.APIConnectionTimeoutError)) request.onRefused();
    throw error;
  }
}
