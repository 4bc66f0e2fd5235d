import type { IncomingMessage } from 'node:http';
import type { BrokenRule } from '../../kernel/errors.js';

/** Node reads the first of several, a proxy before us perhaps the last. */
const singleHeaders = ['Host', 'Authorization'] as const;

/** What is wrong with a request's headers, if anything (RFC 9112, section 3.2; RFC 9110, section 5.3). */
export function brokenHeader({ headers, httpVersion, rawHeaders }: IncomingMessage): BrokenRule | null {
  if (headers.host === undefined && httpVersion === '1.1') return { field: 'Host', rule: 'must be given' };
  const given = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const twice = singleHeaders.find(
    (name) => given.indexOf(name.toLowerCase()) !== given.lastIndexOf(name.toLowerCase()),
  );
  return twice ? { field: twice, rule: 'must be given once' } : null;
}
