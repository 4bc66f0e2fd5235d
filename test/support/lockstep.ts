import { createHmac } from 'node:crypto';
import { expect } from '@jest/globals';
import type { WebhookEvent } from '../../infra/emulators/checkout-post.js';
import { processPaymentEvents } from '../../src/billing/index.js';
import { sampleCheckoutWebhookSecret } from '../../src/config.js';
import type { Context } from '../../src/kernel/context.js';
import { type BillingPicture, billingPictureOf } from './billing-pictures.js';
import type { Chance } from './chance.js';
import type { Harness } from './harness.js';
import { withDuplicates } from './orders.js';
import { Payer, payer } from './payers.js';

/** People who sign in at once. */
const signingIn = 8;

/** Somebody to whom the same happens as to all others, and who hears of it in an order of their own. */
export interface Walker {
  readonly payer: Payer;
  /** Of what happened to them, by its place: in which order it is told; what comes twice is told twice. */
  readonly order: readonly number[];
  /** Whether each event is worked off before the next one comes. */
  readonly isOneByOne: boolean;
  /** What their payments are known by. */
  readonly references: string[];
}

/**
 * Several people in one world to whom the same happens at the same moments. The first hears of everything when it happens,
 * the second in the order in which it happened, the others in each other order.
 */
export class Lockstep {
  readonly #told = new Map<Walker, number>();

  private constructor(
    private readonly world: Harness,
    readonly walkers: readonly Walker[],
    private readonly workers: readonly Context[],
  ) {}

  static async begin(world: Harness, orders: readonly (readonly number[])[], chance: Chance): Promise<Lockstep> {
    world.clock.stopAt(world.clock.now());
    const payers: Payer[] = [];
    while (payers.length <= orders.length) {
      const count = Math.min(signingIn, orders.length + 1 - payers.length);
      payers.push(...(await Promise.all(Array.from({ length: count }, () => payer(world)))));
    }
    const walkers = payers.map((each, index): Walker => {
      const order = orders[Math.max(0, index - 1)] ?? [];
      const told = index < 2 ? order : withDuplicates(order, chance);
      return { payer: each, order: told, isOneByOne: index < 2 || index % 2 === 0, references: [] };
    });
    return new Lockstep(world, walkers, [await world.jobContext(), await world.jobContext()]);
  }

  /** Lets something happen to all of them; the first hears of it at once. */
  async happens(what: (walker: Walker) => unknown): Promise<void> {
    for (const walker of this.walkers) await what(walker);
    const [live] = this.walkers;
    if (!live) return;
    const events = this.#eventsOf(live);
    for (const event of events.slice(this.#told.get(live) ?? 0)) {
      await this.#post(event);
      await this.#workOff();
    }
    this.#told.set(live, events.length);
  }

  later(ms: number): void {
    this.world.clock.stopAt(new Date(this.world.clock.now().getTime() + ms));
  }

  /** Tells the others, each in their order, until what comes next is not among the first so many that happened. */
  async tell(among: number, who: (walker: Walker) => boolean = () => true): Promise<void> {
    const others = this.walkers.slice(1).filter(who);
    for (let isTelling = true; isTelling; ) {
      const left = others.filter((walker) => this.#next(walker, among) !== undefined);
      await Promise.all(left.map((walker) => this.#tellOne(walker, among)));
      await this.#workOff();
      isTelling = left.length > 0;
    }
  }

  /** Has workers look at everything, as time passes. */
  async look(work: (ctx: Context) => Promise<void>): Promise<void> {
    await Promise.all(this.workers.map(work));
  }

  /** All have the same in the end; answers what. */
  async expectSame(): Promise<BillingPicture> {
    const [live, natural, ...others] = await Promise.all(
      this.walkers.map((walker) => billingPictureOf(this.world, walker.payer.person.id)),
    );
    if (!live || !natural) throw new Error('Nobody walks.');
    expect(live.standing).toEqual(natural.standing);
    for (const [index, other] of others.entries())
      expect({ order: this.walkers[index + 2]?.order, ...other }).toEqual({
        order: this.walkers[index + 2]?.order,
        ...natural,
      });
    return natural;
  }

  async #tellOne(walker: Walker, among: number): Promise<void> {
    for (;;) {
      const place = this.#next(walker, among);
      const event = place === undefined ? undefined : this.#eventsOf(walker)[place];
      if (!event) return;
      await this.#post(event);
      this.#told.set(walker, (this.#told.get(walker) ?? 0) + 1);
      if (walker.isOneByOne) return;
    }
  }

  #next(walker: Walker, among: number): number | undefined {
    const place = walker.order[this.#told.get(walker) ?? 0];
    return place !== undefined && place < among ? place : undefined;
  }

  #eventsOf({ references }: Walker): WebhookEvent[] {
    return this.world.checkout.kept().filter(({ reference }) => references.includes(reference ?? ''));
  }

  async #post({ body }: WebhookEvent): Promise<void> {
    const signature = createHmac('sha256', sampleCheckoutWebhookSecret).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'cko-signature': signature };
    const url = `${this.world.url}/api/v1/webhooks/checkout`;
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(120_000) });
    expect(response.status).toBe(200);
  }

  /** Two workers share what was told. */
  async #workOff(): Promise<void> {
    await Promise.all(this.workers.map(processPaymentEvents));
  }
}
