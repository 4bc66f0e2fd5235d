import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a new domain stands among the others. */
export interface Place {
  /** Whether the order of domains has it already, though nothing else does. */
  readonly isPlanned: boolean;
  /** The first domain behind it that exists; null where there is none, so that it is the last. */
  readonly next: string | null;
}

/** The order of the domains in the repository at `root`, planned ones included. */
export function domainOrder(root: string): string[] {
  const rules = readFileSync(join(root, '.dependency-cruiser.cjs'), 'utf8');
  const [, list = ''] = /^const domains = \[([\s\S]*?)^\];/m.exec(rules) ?? [];
  return [...list.matchAll(/'([a-z]+)'/g)].map(([, name = '']) => name);
}

/** The domain that knows all others. */
const last = 'privacy';

/** Where a domain has its place in the repository at `root`: the planned one, or behind all others but the last. */
export function placeOf(root: string, domain: string): Place {
  return placeIn(domainOrder(root), readdirSync(join(root, 'src')), domain);
}

/** The same, in an order of which some exist. */
export function placeIn(order: readonly string[], existing: readonly string[], domain: string): Place {
  const at = order.indexOf(domain);
  if (at < 0) return { isPlanned: false, next: existing.includes(last) ? last : null };
  return { isPlanned: true, next: order.slice(at + 1).find((name) => existing.includes(name)) ?? null };
}
