import ipaddr from 'ipaddr.js';

/*
 * What we are told to call, by a browser or a user, must lie in the public internet. `request-filtering-agent` judges by
 * ipaddr.js as we do, as an agent of Node's `http`; what it leaves out is the reason for our own: addresses of clouds that
 * lie among public ones, IPv6 that nobody was given, names that are never public, and a resolver that does not block.
 * https://github.com/azu/request-filtering-agent
 */

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

/**
 * Whether a host may be public: an address that is, or a name that can be. Where a name leads is known when it is resolved
 * (`publicLookup`), and only then.
 */
export function isPublicHost(host: string): boolean {
  if (ipaddr.isValid(host)) return isPublicAddress(host);
  const labels = host.split('.');
  return labels.length > 1 && !privateDomains.has(labels.at(-1) ?? '');
}

/** Whether a host is this machine, where a stand-in's certificate is nobody's. */
export function isLoopbackHost(host: string): boolean {
  return loopback.has(host);
}

/** A URL's host. `URL` has already turned every spelling of an IPv4 address (octal, hexadecimal, short) into the usual one. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
