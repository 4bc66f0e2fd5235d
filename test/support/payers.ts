import { Billing, BuyCredits, StartProCheckout, UpdatePaymentMethod } from '../../generated/documents.js';
import type { DisputeScript, PayScript } from '../../infra/emulators/checkout-scripts.js';
import { holdCredits, settleHold } from '../../src/billing/index.js';
import { asAccount, type Context } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import { transaction } from '../../src/kernel/transaction.js';
import type { Harness } from './harness.js';
import type { Person } from './person.js';

/** Somebody who pays, at the provider's stand-in, which tells of it when `told` asks it to. */
export class Payer {
  #context: Context | null = null;
  #holds = 0;

  constructor(
    private readonly world: Harness,
    readonly person: Person,
  ) {}

  /** Answers the reference of a page on which Pro can be paid. */
  async startPro(): Promise<string> {
    return (await this.person.ok(StartProCheckout, {})).startProCheckout.reference;
  }

  /** The same for a pack of credits. */
  async startBuying(packId = 'credits_20'): Promise<string> {
    return (await this.person.ok(BuyCredits, { input: { packId } })).buyCredits.reference;
  }

  /** The same for another card. */
  async startCard(): Promise<string> {
    return (await this.person.ok(UpdatePaymentMethod, {})).updatePaymentMethod.reference;
  }

  /** Pays on a page, and has it told. */
  async pay(reference: string, script: Omit<PayScript, 'reference'> = {}): Promise<void> {
    this.world.checkout.pay({ reference, ...script });
    await this.told();
  }

  /** Has what happened at the provider told and worked off. */
  async told(): Promise<void> {
    await this.world.checkout.deliver();
    await this.world.runJobs('billing.process-payment-events');
  }

  /** Has a pack of credits from now on. */
  async buy(packId?: string): Promise<string> {
    const reference = await this.startBuying(packId);
    await this.pay(reference);
    return reference;
  }

  /** Is on Pro from now on. */
  async becomePro(): Promise<string> {
    const reference = await this.startPro();
    await this.pay(reference);
    return reference;
  }

  /** Does what is due, and what comes of it. */
  async renew(): Promise<void> {
    await this.world.runJobs('billing.work-subscriptions');
    await this.told();
  }

  /** Is charged for the next month of Pro, and answers the reference of that. */
  async nextMonth(): Promise<string> {
    this.world.clock.goTo(new Date(this.world.clock.now().getTime() + 31 * dayMs));
    await this.renew();
    return this.world.checkout.books().at(-1)?.reference ?? '';
  }

  /** Gets money back, all that is left of a payment or so much of it, and has it told. */
  async refund(reference: string, amountCents?: number): Promise<void> {
    this.world.checkout.refund({ reference, ...(amountCents === undefined ? {} : { amountCents }) });
    await this.told();
  }

  /** The same of what becomes of a payment at the payer's bank. */
  async dispute(reference: string, outcome: DisputeScript['outcome']): Promise<void> {
    this.world.checkout.dispute({ reference, outcome });
    await this.told();
  }

  /** Of a job that works for the account. */
  async context(): Promise<Context> {
    this.#context ??= asAccount(await this.world.jobContext(), this.person.id);
    return this.#context;
  }

  /** Holds credits, as an operation of the assistant does, and answers what pays so many of them and gives back the rest. */
  async hold(amount: number): Promise<(paid: number) => Promise<void>> {
    const ctx = await this.context();
    this.#holds += 1;
    const request = { amount, key: `test:${this.#holds}`, reason: 'test' };
    const { holdId } = await transaction(ctx, (tx) => holdCredits(tx, request));
    return (paid) => transaction(ctx, (tx) => settleHold(tx, holdId, paid));
  }

  async billing() {
    return (await this.person.ok(Billing, {})).billing;
  }

  async state(): Promise<string | undefined> {
    return (await this.billing()).subscription?.state;
  }
}

/** A signed-in payer. */
export async function payer(world: Harness, name?: string): Promise<Payer> {
  return new Payer(world, await world.user(name));
}
