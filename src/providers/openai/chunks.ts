import type OpenAI from 'openai';
import { readEventStream } from '../event-stream.js';

/**
 * The chunks of an answer, those together that have come together. The SDK's own stream hands on each by itself, which
 * costs most of what reading an answer does.
 * @throws when the provider reports a failure, or says what is no JSON
 */
export async function* readChunks(
  response: Response,
): AsyncGenerator<readonly OpenAI.ChatCompletionChunk[], void, undefined> {
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
