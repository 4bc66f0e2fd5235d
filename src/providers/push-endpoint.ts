import { hostOf, isLoopbackHost, isPublicHost } from '../platform/http/public-address.js';

/** UTF-16 code units of the longest endpoint. */
const maxEndpointLength = 2_000;

/**
 * What is wrong with an endpoint that a browser names for pushes, as a rule that it breaks; null when nothing is.
 * It must be `https:` on its own port, at most 2,000 characters, without credentials, and never lead into a private network.
 */
export function endpointFault(endpoint: string, allowLoopback: boolean): string | null {
  if (endpoint.length > maxEndpointLength) return 'must have at most 2,000 characters';
  // `URL` leaves out or turns what other parsers take for the end of a host.
  if (!/^https:\/\/[\x21-\x5b\x5d-\x7e]+$/i.test(endpoint)) return 'must be an address that begins with https://';
  const url = URL.parse(endpoint);
  if (!url) return 'must be a URL';
  // Escaping may have made it longer.
  if (url.href.length > maxEndpointLength) return 'must have at most 2,000 characters';
  if (url.username !== '' || url.password !== '') return 'must not carry credentials';
  const host = hostOf(url);
  if (allowLoopback && isLoopbackHost(host)) return null;
  // `URL` leaves out 443. Browsers are given no other, and others would let our pushes knock at any server's doors.
  if (url.port !== '') return 'must have no port but 443';
  return isPublicHost(host) ? null : 'must be an address of a public push service';
}
