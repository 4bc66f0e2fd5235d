import type { Context } from '../../src/kernel/context.js';
import type { PaymentProvider } from '../../src/providers/payments.js';

/** What a worker asks the payment provider. */
export type Question = 'openPage' | 'charge' | 'readPayment' | 'findPayments' | 'refund';

/** Where a worker dies: before the provider has heard the question, or when it has done what was asked. */
export type Death = 'before' | 'behind';

/** A worker that dies when it asks the provider. */
export interface MortalWorker {
  readonly ctx: Context;
  /** Works until it is done, or dead: then nothing more comes of what was begun. Answers whether it has died. */
  run(work: (ctx: Context) => Promise<void>): Promise<boolean>;
}

/**
 * A worker that dies the first time that it asks something. As of a process that was killed, nothing is heard of it any more: what it has
 * begun at the provider is done there, and no answer is noted.
 */
export function dyingAt(ctx: Context, at: Question, death: Death): MortalWorker {
  const { promise: died, resolve: die } = Promise.withResolvers<boolean>();
  let isDead = false;
  const gone = <T>(): Promise<T> => {
    isDead = true;
    die(true);
    return new Promise(() => undefined);
  };
  const ask = async <T>(question: Question, send: () => Promise<T>): Promise<T> => {
    if (isDead || (question === at && death === 'before')) return gone();
    const answer = await send();
    return isDead || question === at ? gone() : answer;
  };
  const { payments } = ctx.providers;
  const asked: PaymentProvider = {
    ...payments,
    openPage: (request) => ask('openPage', () => payments.openPage(request)),
    charge: (request) => ask('charge', () => payments.charge(request)),
    readPayment: (id) => ask('readPayment', () => payments.readPayment(id)),
    findPayments: (reference) => ask('findPayments', () => payments.findPayments(reference)),
    refund: (request) => ask('refund', () => payments.refund(request)),
  };
  const own = { ...ctx, providers: { ...ctx.providers, payments: asked } };
  return { ctx: own, run: (work) => Promise.race([work(own).then(() => false), died]) };
}
