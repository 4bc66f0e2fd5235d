import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { cutOff } from '../http/cut-off.js';
import { codeOf } from './client-error.js';
import type { UnsentAnswers } from './unsent-answers.js';

const defaultKeepAliveMs = 12_000;
/** What readers leave out: it keeps a quiet stream open, and begins one, for which some browsers wait. */
const comment = ':\n\n';
/** The empty `data` has `EventSource` notice it. */
const complete = 'event: complete\ndata:\n\n';

/** Proxies would compress or gather events. */
export const eventHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** One result and its end. */
export function wholeStream(result: FormattedExecutionResult): string {
  return `${nextEvent(result)}${complete}`;
}

/**
 * Begins an answer that goes on, and has it say every so often that it does. It is Node's response itself: a stream in
 * front of it takes 5 KB for as long as the answer goes on.
 */
export function beginStream(reply: FastifyReply, keepAliveMs = defaultKeepAliveMs): ServerResponse {
  const stream = reply.headers(eventHeaders).hijack().raw;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) stream.setHeader(name, value);
  }
  stream.write(comment);
  const keepAlive = setInterval(() => {
    // Of a client that does not read, nothing is to look alive: the server ends what stands still. Once it has ended, its
    // client may still read: https://github.com/enisdenjo/graphql-sse/issues/120
    if (!stream.writableEnded && !stream.writableNeedDrain) stream.write(comment);
  }, keepAliveMs);
  stream.once('close', () => clearInterval(keepAlive));
  return stream;
}

/**
 * Writes results as fast as the client reads them, and says that they are complete. A cause of ours that passes, such as
 * too much that waits for clients, ends the stream without a word: they take that for a broken connection, and come again.
 */
export async function writeEvents(
  results: AsyncIterable<FormattedExecutionResult>,
  stream: ServerResponse,
  { signal, unsent }: { readonly signal: AbortSignal; readonly unsent: UnsentAnswers },
): Promise<void> {
  try {
    for await (const result of results) {
      const event = nextEvent(result);
      const release = unsent.hold(event.length);
      // Rejects when the client leaves, which ends the results too.
      if (!stream.write(event)) await once(stream, 'drain', { signal }).catch(() => undefined);
      release();
    }
  } catch (error) {
    if (error instanceof GraphQLError && codeOf(error) !== 'UNAVAILABLE') {
      stream.write(nextEvent({ errors: [error.toJSON()] }));
    } else endAtOnce(stream);
  }
  if (!stream.destroyed) stream.end(complete);
}

/** Ends a stream without a word, as a connection that breaks. */
export function endAtOnce(stream: ServerResponse): void {
  if (stream.socket) cutOff(stream.socket);
  stream.destroy();
}

function nextEvent(result: FormattedExecutionResult): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}
