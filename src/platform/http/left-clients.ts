import type { FastifyReply } from 'fastify';
import { HttpRefusal } from './refusal.js';

/** Aborts when the client leaves before all of the answer was sent, or has left already. */
export function abortedWhenLeft({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  const look = () => {
    if (!raw.writableFinished) left.abort(new HttpRefusal(400, 'The client left.'));
  };
  // A response is closed with its connection, and says so once.
  if (raw.closed) look();
  else raw.once('close', look);
  return left.signal;
}
