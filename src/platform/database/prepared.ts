import type { PoolClient } from 'pg';

/** Texts that get a name; what the code sends comes to far fewer. */
const mostNames = 1_000;
/** A text is prepared the second time it is seen: one that never comes back would be kept for nothing. */
const seen = new Set<string>();
const names = new Map<string, string>();

/** The name under which a text is prepared on each connection; undefined for one that is not. */
function nameOf(text: string): string | undefined {
  const name = names.get(text);
  if (name !== undefined) return name;
  if (names.size >= mostNames || seen.size >= mostNames * 10) return undefined;
  if (!seen.has(text)) {
    seen.add(text);
    return undefined;
  }
  seen.delete(text);
  const next = `statement_${names.size}`;
  names.set(text, next);
  return next;
}

/**
 * Makes a connection prepare every statement with values that comes again, the mapper's included: parsing and planning
 * cost PostgreSQL more than running what a request runs.
 */
export function prepareRepeated(client: PoolClient): void {
  const prepared = new Proxy(client.query, {
    apply: (query, self, [config, values, ...rest]: unknown[]) => {
      const name = typeof config === 'string' && Array.isArray(values) ? nameOf(config) : undefined;
      const args = name === undefined ? [config, values, ...rest] : [{ name, text: config, values }, ...rest];
      return Reflect.apply(query, self, args);
    },
  });
  Object.defineProperty(client, 'query', { value: prepared, configurable: true });
}
