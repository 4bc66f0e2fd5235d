import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';

/** Before an IPv4 address that a dual-stack socket names. */
const mappedPrefix = '::ffff:';

/**
 * The address that is meant, as proxies and dual-stack sockets write it: `192.0.2.1:4711`, `[2001:db8::1]:443`,
 * `::ffff:192.0.2.1` and `fe80::1%eth0` without what is not the address; `unknown` for what is none.
 */
export function plainAddress(text: string | undefined): string {
  // A connection that was reset before anybody asked has none any more.
  if (text === undefined) return 'unknown';
  // What most are: taking these apart costs a request more than its route.
  const plain = text.startsWith(mappedPrefix) ? text.slice(mappedPrefix.length) : text;
  if (isIPv4(plain)) return plain;
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const [address = ''] = bare.split('%', 1);
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return 'unknown';
  return ipaddr.process(address).toString();
}

/** What a limit by address counts together: an IPv4 address, or the /64 that an IPv6 host chooses its own from. */
export function addressKey(text: string | undefined): string {
  const plain = plainAddress(text);
  if (!plain.includes(':')) return plain;
  return ipaddr.IPv6.networkAddressFromCIDR(`${plain}/64`).toString();
}

/** Whether an address is one of these proxies or networks. @throws TypeError for what is no address or network */
export function trustedBy(proxies: readonly string[]): (address: string) => boolean {
  const isTrusted = proxyAddr.compile([...proxies]);
  return (address) => isTrusted(plainAddress(address), 0);
}

/** Reads the address of whoever sent a request that never becomes one of Fastify's, such as an upgrade. */
export function addressReader(proxies: readonly string[]): (request: IncomingMessage) => string {
  if (proxies.length === 0) return ({ socket }) => plainAddress(socket.remoteAddress);
  const isTrusted = trustedBy(proxies);
  return (request) => plainAddress(proxyAddr(request, isTrusted));
}
