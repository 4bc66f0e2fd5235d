import type { FastifyReply } from 'fastify';
import { HttpRefusal } from './refusal.js';

/** Aborts when the client leaves before all of the answer was sent. */
export function abortedWhenLeft({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort(new HttpRefusal(400, 'The client left.'));
  });
  return left.signal;
}
