import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { recentlyUsed } from '../recently-used.js';
import { sqlStateOf } from './rows.js';

/** Texts that get a name; what the code sends comes to far fewer. */
const maxNames = 1_000;
/** A text is prepared the second time it is seen: one that never comes back falls out again. */
const seen = recentlyUsed<true>(2_000);
const names = new Map<string, string>();
/** 144 bits; PostgreSQL cuts names off at 63 bytes. */
const nameLength = 24;

/** Characters of the longest text without values that may be the same again, such as `commit`. */
const maxPlainLength = 100;

/** The mapper writes values into its texts: those are seen once, and not worth a look. */
function isRepeatable(text: string, values: readonly unknown[]): boolean {
  return values.length > 0 || text.length <= maxPlainLength;
}

/**
 * The name under which a text is prepared on each connection; undefined for one that is not. It is made of the text:
 * behind a pooler processes share connections, and a name must mean the same statement to all of them.
 */
function nameOf(text: string): string | undefined {
  const name = names.get(text);
  if (name !== undefined) return name;
  if (names.size >= maxNames) return undefined;
  if (!seen.has(text)) {
    seen.set(text, true);
    return undefined;
  }
  seen.delete(text);
  const next = createHash('sha256').update(text).digest('base64url').slice(0, nameLength);
  names.set(text, next);
  return next;
}

/**
 * Makes a connection prepare every statement with values that comes again, the mapper's included: parsing and planning
 * cost PostgreSQL more than running what a request runs.
 */
export function autoPrepare(client: PoolClient): void {
  const prepared = new Proxy(client.query, {
    apply: (query, self, [config, values, ...rest]: unknown[]) => {
      const mayComeAgain = typeof config === 'string' && Array.isArray(values) && isRepeatable(config, values);
      const name = mayComeAgain ? nameOf(config) : undefined;
      const args = name === undefined ? [config, values, ...rest] : [{ name, text: config, values }, ...rest];
      return Reflect.apply(query, self, args);
    },
  });
  Object.defineProperty(client, 'query', { value: prepared, configurable: true });
}

/** Whether a prepared statement reads columns that have another type by now: on its connection it fails every time. */
export function isStalePlan(error: Error): boolean {
  // The code says only that a feature is not supported, the text is translated: drivers go by the function.
  return sqlStateOf(error) === '0A000' && 'routine' in error && error.routine === 'RevalidateCachedQuery';
}
