import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { Agent, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isPublicAddress } from './public-address.js';

/** What leads to an address that is not public. */
export class NotPublicError extends Error {
  readonly code = 'ENOTPUBLIC';
}

/** All addresses of a name. @throws when there are none, or DNS does not answer in time */
export type ResolveName = (name: string) => Promise<LookupAddress[]>;

/**
 * Connects to public addresses only, whatever URL or redirect it is given, and keeps connections alive; others are
 * refused with ENOTPUBLIC before anything is sent. For `node:https`: `fetch` takes no such agent. Why it is ours and not
 * `request-filtering-agent`: docs/decisions/0013-public-addresses.md.
 */
export class PublicAgent extends Agent {
  constructor(resolve: ResolveName = resolveByDns) {
    super({ keepAlive: true, lookup: publicLookup(resolve) });
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const { host } = options;
    // What is an address already is not looked up.
    if (typeof host === 'string' && isIP(host) !== 0 && !isPublicAddress(host)) {
      callback?.(new NotPublicError('The address is not public.'), new Socket());
      return undefined;
    }
    return super.createConnection(options, callback);
  }
}

/**
 * Resolves names for connections that must not lead into a private network: what DNS says at that moment is what is
 * checked and what is connected to. A name of which any address is not public is refused with ENOTPUBLIC.
 */
function publicLookup(resolve: ResolveName): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) return callback(new Error('The name has no address.'), '');
        if (!addresses.every(({ address }) => isPublicAddress(address))) {
          return callback(new NotPublicError('The name leads to an address that is not public.'), '');
        }
        return all ? callback(null, addresses) : callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ''),
    );
  };
}

/** Asks DNS itself: `dns.lookup` blocks one of the process's few threads for as long as a server stays silent. */
const resolveByDns: ResolveName = async (name) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  if (v4.status === 'rejected' && v6.status === 'rejected') throw v4.reason;
  const of = (found: typeof v4, family: number) =>
    found.status === 'fulfilled' ? found.value.map((address) => ({ address, family })) : [];
  return [...of(v4, 4), ...of(v6, 6)];
};
