import type { FastifyRequest } from 'fastify';
import type { Context } from './kernel/context.js';
import { plainAddress } from './platform/http/addresses.js';

/** Makes a context out of what an operation brings along. */
export type NewContext = (own: Partial<Context>) => Context;

/** What a context takes from the request that it is for. */
export function ofRequest({ id, ip, headers }: FastifyRequest): Pick<Context, 'requestId' | 'client'> {
  return { requestId: id, client: { address: plainAddress(ip), userAgent: headers['user-agent'] ?? null } };
}
