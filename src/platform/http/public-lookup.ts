import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.js';

/** A name that leads to an address which is not public. */
export class NotPublicError extends Error {
  readonly code = 'ENOTPUBLIC';
}

/** All addresses of a name. @throws when there are none, or DNS does not answer in time */
export type ResolveName = (name: string) => Promise<LookupAddress[]>;

/**
 * Resolves names for connections that must not lead into a private network: what DNS says at that moment is what is
 * checked and what is connected to. A name of which any address is not public is refused with ENOTPUBLIC.
 */
export function publicLookup(resolve: ResolveName): LookupFunction {
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
export const resolveByDns: ResolveName = async (name) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  if (v4.status === 'rejected' && v6.status === 'rejected') throw v4.reason;
  const of = (found: typeof v4, family: number) =>
    found.status === 'fulfilled' ? found.value.map((address) => ({ address, family })) : [];
  return [...of(v4, 4), ...of(v6, 6)];
};
