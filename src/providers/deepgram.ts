import { isNativeError } from 'node:util/types';
import { DeepgramClient } from '@deepgram/sdk';
import { z } from 'zod';
import { mendedParagraphs } from '../kernel/text.js';
import { SpeechFailure, type SpeechRequest, type SpeechToText, type Transcript } from './speech-to-text.js';

/** Which key, where, and how patient we are. */
export interface DeepgramOptions {
  readonly apiKey: string;
  /** Without a path. */
  readonly baseUrl: string;
  /** From the first byte of the recording to the last one of the answer. */
  readonly timeoutMs: number;
}

/** Bytes of an answer: some 150 for each word with its time, and nobody says 25,000 in one recording. */
const maxAnswerBytes = 4_000_000;

/** What we need of an answer: the best reading of the first channel, and how long it is. */
const Transcription = z.object({
  metadata: z.object({ duration: z.number().positive() }).nullish().catch(null),
  results: z.object({
    channels: z.tuple(
      [z.object({ alternatives: z.tuple([z.object({ transcript: z.string() })], z.unknown()) })],
      z.unknown(),
    ),
  }),
});

/** Deepgram's SDK behind our interface. */
export function deepgramSpeech(options: DeepgramOptions): SpeechToText {
  return { transcribe: (request) => transcribe(options, request) };
}

async function transcribe(
  { apiKey, baseUrl, timeoutMs }: DeepgramOptions,
  request: SpeechRequest,
): Promise<Transcript> {
  const { audio, contentType, bytes, signal } = request;
  const exchange = new Exchange();
  const upstream = new AbortController();
  const abort = () => upstream.abort();
  const timer = setTimeout(() => upstream.abort(new Error('The transcription took too long.')), timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  // A recording that cannot be read fails the request; without anybody who hears of it, it would end the process.
  audio.on('error', () => undefined);
  try {
    signal.throwIfAborted();
    const client = new DeepgramClient({ apiKey, baseUrl, fetch: exchange.fetch });
    const answer: unknown = await client.listen.v1.media.transcribeFile(
      // The SDK would send the path of a file as its name.
      { data: audio, contentType, contentLength: bytes, filename: '' },
      { model: 'nova-2', punctuate: true, smart_format: true },
      // Its time ends when an answer begins, so ours comes first.
      { abortSignal: upstream.signal, timeoutInSeconds: (2 * timeoutMs) / 1_000, maxRetries: 0 },
    );
    return transcriptOf(answer);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const told = upstream.signal.aborted ? upstream.signal.reason : (exchange.failure ?? error);
    throw new SpeechFailure(mayTryAgain(exchange.status), reasonOf(told, apiKey));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    upstream.abort();
    audio.destroy();
  }
}

/** One request as the SDK sends it, and what the SDK does not say of it. */
class Exchange {
  /** The status of the answer; null when none came. */
  status: number | null = null;
  /** Why none came. */
  failure: unknown = null;

  /**
   * Without redirects, for which `fetch` keeps the whole recording (https://github.com/nodejs/undici/issues/4058), and
   * never rejected, since the SDK would leave its timer running.
   */
  readonly fetch: typeof fetch = async (address, init) => {
    try {
      const response = await fetch(address, { ...init, redirect: 'error' });
      this.status = response.status;
      return new Response(response.body?.pipeThrough(bounded(maxAnswerBytes)) ?? null, response);
    } catch (error) {
      this.failure = error;
      return Response.error();
    }
  };
}

/** Fails what is longer. */
function bounded(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`The answer has more than ${maxBytes} bytes.`);
      controller.enqueue(chunk);
    },
  });
}

/** @throws for an answer that is none */
function transcriptOf(answer: unknown): Transcript {
  const parsed = Transcription.safeParse(answer);
  if (!parsed.success) throw new Error(`The answer is no transcription: ${z.prettifyError(parsed.error)}`);
  const { metadata, results } = parsed.data;
  const text = mendedParagraphs(results.channels[0].alternatives[0].transcript);
  return { text, seconds: metadata?.duration ?? null };
}

/** What Deepgram refuses it refuses again: our key, our credit, or the recording. All else passes. */
function mayTryAgain(status: number | null): boolean {
  return status === null || status < 400 || status === 408 || status === 429 || status >= 500;
}

/** UTF-16 code units of a reason. */
const maxReasonLength = 1_000;

/** Keeps what happened as text: the SDK's errors hold headers, and a provider may repeat our key in its message. */
function reasonOf(error: unknown, apiKey: string): Error {
  const told: string[] = [];
  for (let each = error; isNativeError(each); each = each.cause) told.push(`${each.name}: ${each.message}`);
  const text = told.join(' < ') || typeof error;
  return new Error(text.replaceAll(apiKey, '[key]').slice(0, maxReasonLength));
}
