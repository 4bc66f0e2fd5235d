import { isNativeError } from 'node:util/types';
import pg, { type PoolClient } from 'pg';
import { isStalePlan } from './prepared.js';
import { saysItIsStandby } from './rows.js';

/** What the driver says when a statement took longer than it may. */
const readTimeout = 'Query read timeout';

/**
 * Gives a broken connection back to its pool, whoever had it: a transaction that could not be rolled back never does
 * (Kysely releases after a successful rollback only), and the pool would be one smaller for good. A statement that was
 * given up on breaks its connection too, since the next one would wait behind it; and so does what would fail there again
 * and again, while a new connection may lead to the new primary, or plans anew.
 */
export function releaseBrokenConnections(client: PoolClient): void {
  const observed = new Proxy(client.query, {
    apply: (query, self, args: unknown[]) => {
      const answer: unknown = Reflect.apply(query, self, args);
      if (answer instanceof Promise) answer.catch((error: unknown) => endIfUseless(client, error));
      return answer;
    },
  });
  Object.defineProperty(client, 'query', { value: observed, configurable: true });
  // Unheard it would end the process, when nobody's statement is under way; the next one fails.
  client.on('error', () => undefined);
  // Later than whoever awaits a statement: most give their connection back themselves.
  client.once('end', () => setImmediate(release, client));
}

function endIfUseless(client: PoolClient, error: unknown): void {
  if (!isNativeError(error) || !(client instanceof pg.Client)) return;
  if (error.message !== readTimeout && !saysItIsStandby(error) && !isStalePlan(error)) return;
  client.end().catch(() => undefined);
}

function release(client: PoolClient): void {
  try {
    client.release(true);
  } catch {
    // It was given back before.
  }
}
