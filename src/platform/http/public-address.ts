import ipaddr from 'ipaddr.js';

/** UTF-16 code units of the longest URL. */
const maxUrlLength = 2_000;

/** The only names and addresses of this machine that may be let through, for a stand-in on it. */
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Last labels that public names never have: RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, and customs. */
const privateDomains: ReadonlySet<string> = new Set([
  ...['localhost', 'local', 'internal', 'arpa'],
  ...['localdomain', 'lan', 'home', 'corp', 'intranet', 'private'],
]);

/** Global unicast is all that IPv6 has given out (RFC 4291); ipaddr.js calls some of the rest plain unicast too. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * What lies among public IPv4 addresses and leads, from a machine in that cloud, to what is inside: Azure's virtual
 * platform service, IBM Cloud's own services. https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const insideClouds = ['168.63.129.16/32', '161.26.0.0/16', '166.8.0.0/14'].map((range) => ipaddr.IPv4.parseCIDR(range));

/**
 * What is wrong with a URL that somebody else names for requests of ours, such as a browser's push endpoint or a webhook:
 * a rule that it breaks; null when nothing is. It must be `https:` on its own port, at most 2,000 characters, without
 * credentials, and name no private network. Where its name leads is known only when one connects: see `PublicAgent`.
 */
export function publicUrlFault(text: string, { allowLoopback }: { readonly allowLoopback: boolean }): string | null {
  if (text.length > maxUrlLength) return 'must have at most 2,000 characters';
  // `URL` leaves out or turns what other parsers take for the end of a host.
  if (!/^https:\/\/[\x21-\x5b\x5d-\x7e]+$/i.test(text)) return 'must be an address that begins with https://';
  const url = URL.parse(text);
  if (!url) return 'must be a URL';
  // Escaping may have made it longer.
  if (url.href.length > maxUrlLength) return 'must have at most 2,000 characters';
  if (url.username !== '' || url.password !== '') return 'must not carry credentials';
  const host = hostOf(url);
  if (allowLoopback && loopback.has(host)) return null;
  // `URL` leaves out 443. Other ports would let our requests knock at any server's doors.
  if (url.port !== '') return 'must have no port but 443';
  return isPublicHost(host) ? null : 'must be an address of the public internet';
}

/** Whether a URL leads to this machine, where a stand-in's certificate is nobody's. */
export function isLoopback(url: URL): boolean {
  return loopback.has(hostOf(url));
}

/**
 * Whether an IP address is one of the public internet: not private, local, multicast, reserved, translated or a cloud's
 * own. ipaddr.js knows the ranges of IANA's special-purpose registries.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address that is written as an IPv6 one is judged as what it is.
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed instanceof ipaddr.IPv4) return !insideClouds.some((range) => parsed.match(range));
  return parsed.match(globalUnicast);
}

function isPublicHost(host: string): boolean {
  if (ipaddr.isValid(host)) return isPublicAddress(host);
  const labels = host.split('.');
  return labels.length > 1 && !privateDomains.has(labels.at(-1) ?? '');
}

/** `URL` has already turned every spelling of an IPv4 address (octal, hexadecimal, short) into the usual one. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
