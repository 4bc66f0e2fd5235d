import type { FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import { HttpRefusal } from '../http/refusal.js';
import type { PreparedOperation } from './read-document.js';

/** What a GET may ask for changes nothing. @throws VALIDATION_FAILED with status 405 */
export function requireMethod({ method }: FastifyRequest, { type }: PreparedOperation): void {
  if (method === 'GET' && type === OperationTypeNode.MUTATION)
    throw new HttpRefusal(405, 'GET serves queries only.', { allow: 'POST' });
}

/** Under which key a mutation is to run once; null for none. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
}
