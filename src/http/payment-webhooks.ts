import type { FastifyReply, FastifyRequest } from 'fastify';
import { countUnsignedEvent, receivePaymentEvent } from '../billing/index.js';
import type { Context, Providers } from '../kernel/context.js';
import { AppError } from '../kernel/errors.js';
import { bytesOf, rawBody } from '../platform/http/bodies.js';
import type { Surface } from '../platform/http/surface.js';

/** What the route needs of the app. */
interface WebhookRouteOptions {
  /** Who signs. */
  readonly payments: Providers['payments'];
  createContext(request: FastifyRequest): Context;
  /** Counts a signature that is not good, of whoever sends it. @throws RATE_LIMITED */
  refuseStranger(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

const maxBodyBytes = 1_000_000;
/** Of events on their way, which anybody may send: a thousand as large as they usually are. */
const maxHeldBytes = 32_000_000;

/**
 * What the payment provider tells us, signed over the bytes as they came. 200 says that it is stored, and no more: a
 * provider sends again what has another answer.
 */
export function paymentWebhookSurface({ payments, createContext, refuseStranger }: WebhookRouteOptions): Surface {
  const signatureOf = ({ headers }: FastifyRequest) => {
    const given = headers[payments.signatureHeader];
    return typeof given === 'string' ? given : undefined;
  };
  return {
    prefix: '/api/v1/webhooks',
    body: rawBody({ maxBytes: maxBodyBytes, maxHeldBytes }),
    routes: (fastify) => {
      // A callback, not a promise: it runs on every request.
      fastify.addHook('onRequest', (request, reply, done) => {
        if (payments.looksSigned(signatureOf(request))) return done();
        const refused = new AppError('UNAUTHENTICATED', 'The signature is missing, or is none.');
        countUnsignedEvent(createContext(request));
        void refuseStranger(request, reply).then(() => done(refused), done);
      });

      fastify.post('/checkout', async (request, reply) => {
        try {
          await receivePaymentEvent(createContext(request), bytesOf(request), signatureOf(request));
        } catch (error) {
          if (error instanceof AppError && error.code === 'UNAUTHENTICATED') await refuseStranger(request, reply);
          throw error;
        }
        return reply.send({});
      });
    },
  };
}
