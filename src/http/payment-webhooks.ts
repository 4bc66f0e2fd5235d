import type { FastifyReply, FastifyRequest } from 'fastify';
import { receivePaymentEvent } from '../billing/index.js';
import type { Context } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { bytesOf, rawBody } from '../platform/http/bodies.js';
import type { Surface } from '../platform/http/surface.js';

/** What the route needs of the app. */
interface WebhookRouteOptions {
  createContext(request: FastifyRequest): Context;
  /** Counts a signature that is not good, of whoever sends it. @throws RATE_LIMITED */
  refuseStranger(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

const maxBodyBytes = 1_000_000;

/**
 * What the payment provider tells us, signed over the bytes as they came. 200 says that it is stored, and no more: a
 * provider sends again what has another answer.
 */
export function paymentWebhookSurface({ createContext, refuseStranger }: WebhookRouteOptions): Surface {
  return {
    prefix: '/api/v1/webhooks',
    body: rawBody({ maxBytes: maxBodyBytes }),
    routes: (fastify) => {
      fastify.addHook('onRequest', async (request, reply) => {
        const { payments } = createContext(request).providers;
        if (payments.looksSigned(signatureOf(request, payments.signatureHeader))) return;
        await refuseStranger(request, reply);
        throw new AppError('UNAUTHENTICATED', 'The signature is missing, or is none.');
      });

      fastify.post('/checkout', async (request, reply) => {
        const ctx = createContext(request);
        const signature = signatureOf(request, ctx.providers.payments.signatureHeader);
        try {
          await receivePaymentEvent(ctx, bytesOf(request), signature);
        } catch (error) {
          if (error instanceof AppError && error.code === 'UNAUTHENTICATED') await refuseStranger(request, reply);
          throw error;
        }
        return reply.send({});
      });
    },
  };
}

function signatureOf({ headers }: FastifyRequest, name: string): string | undefined {
  const given = headers[name];
  return typeof given === 'string' ? given : undefined;
}
