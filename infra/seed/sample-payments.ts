import { z } from 'zod';
import type { Core } from '../../src/app.js';
import {
  buyCredits,
  type Checkout,
  lookAtPayments,
  processPaymentEvents,
  receivePaymentEvent,
  startProCheckout,
  workSubscriptions,
} from '../../src/billing/index.js';
import type { Context } from '../../src/kernel/context.js';
import { type Emulator, startServer } from '../emulators/server.js';
import { untilAnswered } from './until-answered.js';

/** Cards of the samples, by number; others are refused by the stand-in. */
export const sampleCards = { visa: '4242424242424242', mastercard: '5436031030606378' } as const;

const Shown = z.object({ webhooks: z.object({ webhookUrl: z.string().nullable() }) });

/** Pays at the stand-in for the payment provider, which tells of it as it tells the product. */
export class SamplePayments {
  private constructor(
    private readonly core: Core,
    private readonly standInUrl: string,
    private readonly receiver: Emulator,
    private readonly toldBefore: string | null,
  ) {}

  /** From now on, until it is closed, whatever happens at the stand-in is told here. */
  static async open(core: Core, standInUrl: string): Promise<SamplePayments> {
    const receiver = await startServer(
      async ({ bytes, headers }, response) => {
        const signature = headers['cko-signature'];
        await receivePaymentEvent(core.newContext({}), bytes, typeof signature === 'string' ? signature : undefined);
        response.writeHead(200).end();
      },
      { port: 0 },
    );
    const { webhooks } = Shown.parse(await post(standInUrl, '/_control', {}));
    await post(standInUrl, '/_control', { webhookUrl: receiver.url });
    return new SamplePayments(core, standInUrl, receiver, webhooks.webhookUrl);
  }

  async close(): Promise<void> {
    await post(this.standInUrl, '/_control', { webhookUrl: this.toldBefore });
    await this.receiver.close();
  }

  /** Pays for Pro on a page. */
  async payPro(ctx: Context, card: string): Promise<void> {
    await this.#pay(await untilAnswered(ctx, startProCheckout), card);
  }

  /** Buys a pack of credits on a page. */
  async buy(ctx: Context, packId: string, card: string): Promise<void> {
    await this.#pay(await openPack(ctx, packId), card);
  }

  /** Goes to a page and leaves it open. */
  async leave(ctx: Context, packId: string): Promise<void> {
    await openPack(ctx, packId);
  }

  /** What the worker would have done by now: renewals, and what comes of them. */
  async letRenew(): Promise<void> {
    await workSubscriptions(this.core.newContext({}));
    await this.#hear();
  }

  /** The same for pages that nobody has paid on. */
  async letPagesExpire(): Promise<void> {
    await lookAtPayments(this.core.newContext({}));
  }

  /** Has the next charges of a card refused because there is no money. */
  async refuse(card: string, times: number): Promise<void> {
    await post(this.standInUrl, '/_control', { match: card, times, decline: { code: '20051' } });
  }

  async #pay({ reference }: Checkout, number: string): Promise<void> {
    await post(this.standInUrl, '/_pay', { reference, card: { number } });
    await this.#hear();
  }

  async #hear(): Promise<void> {
    await post(this.standInUrl, '/_deliver', {});
    await processPaymentEvents(this.core.newContext({}));
  }
}

function openPack(ctx: Context, packId: string): Promise<Checkout> {
  return untilAnswered(ctx, (own) => buyCredits(own, { packId }));
}

/** @throws Error when the stand-in refuses, or does not answer within 10 s */
async function post(standInUrl: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${standInUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The stand-in for payments answered ${path} with ${response.status}.`);
  return response.json();
}
