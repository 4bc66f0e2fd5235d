import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';

/** A socket as a browser's app opens it: it comes back for as long as it takes, with the token of that moment. */
export function openSocket(url: string, accessToken: () => string): Client {
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: () => ({ authorization: `Bearer ${accessToken()}` }),
    // It would give up at the first refused connection, which is what a restart looks like; signed out, nobody needs it.
    shouldRetry: () => accessToken() !== '',
    retryAttempts: Number.POSITIVE_INFINITY,
    // Apps leave this out, and wait longer each time.
    retryWait: () => pause(50),
  });
}
