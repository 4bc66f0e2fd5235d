import type { IncomingMessage } from 'node:http';
import type { BrokenRule } from '../../kernel/errors.js';
import { HttpRefusal } from './refusal.js';

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

/**
 * Refuses a body that is encoded: Node takes chunks apart and hands on the rest as it came, while a proxy before us may
 * decode it. The statuses are those of RFC 9112, section 6.1, and RFC 9110, section 15.5.16.
 */
export function codedBody({ headers }: IncomingMessage): HttpRefusal | null {
  if (!isPlain(headers['transfer-encoding'], 'chunked'))
    return new HttpRefusal(501, 'Transfer-Encoding may be chunked, and nothing else.', { connection: 'close' });
  if (!isPlain(headers['content-encoding'], 'identity'))
    return new HttpRefusal(415, 'Bodies are not encoded: leave out Content-Encoding.', {
      'accept-encoding': 'identity',
    });
  return null;
}

function isPlain(header = '', plain: string): boolean {
  return header === '' || header.trim().toLowerCase() === plain;
}
