import { Arg, Args, Ctx, Extensions, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Payment } from '../../entities/billing/payment.js';
import {
  type Billing,
  buyCredits,
  buyCreditsErrors,
  type Checkout,
  cancelSubscription,
  cancelSubscriptionErrors,
  countPayments,
  listPayments,
  listPaymentsErrors,
  packs,
  readBilling,
  readPurchasable,
  resumeSubscription,
  resumeSubscriptionErrors,
  type SubscriptionRow,
  startProCheckout,
  startProCheckoutErrors,
  type Upcoming,
  upcomingOf,
  updatePaymentMethod,
  updatePaymentMethodErrors,
} from '../../src/billing/index.js';
import type { Context } from '../../src/kernel/context.js';
import { connectionOf, ForwardArguments } from '../connection.js';
import { withErrors } from '../error-codes.js';
import {
  BillingPayload,
  BillingType,
  BuyCreditsInput,
  CheckoutPayload,
  CreditPack,
  PaymentCard,
  UpcomingPayment,
} from './billing-types.js';

const PaymentConnection = connectionOf('Payment', () => Payment);

const waits = { answersLater: true };

/** What an account pays for. */
@Resolver(() => BillingType)
export class BillingResolver {
  @Query(() => BillingType, { description: 'What the caller pays for.' })
  billing(@Ctx() ctx: Context): Promise<Billing> {
    return readBilling(ctx);
  }

  @FieldResolver(() => Int, {
    description:
      'How many credits may be bought now: at most 500 in any 30 days, those on open payment pages included.',
  })
  purchasableCredits(@Ctx() ctx: Context): Promise<number> {
    return readPurchasable(ctx);
  }

  @FieldResolver(() => [CreditPack], { description: 'What can be bought.' })
  packs(): readonly CreditPack[] {
    return packs;
  }

  @FieldResolver(() => PaymentCard, {
    nullable: true,
    description: 'The card that renews Pro, also while that is cancelled; null where there is none.',
  })
  card(@Root() { subscription }: Billing): PaymentCard | null {
    return cardOf(subscription);
  }

  @FieldResolver(() => UpcomingPayment, {
    nullable: true,
    description: 'What will be charged next, and when; null where nothing will be.',
  })
  upcoming(@Root() { subscription }: Billing): Upcoming | null {
    return upcomingOf(subscription);
  }

  @FieldResolver(() => PaymentConnection, {
    description: withErrors('Payments of any kind, newest first: what receipts are made of.', listPaymentsErrors),
  })
  async payments(@Ctx() ctx: Context, @Args(() => ForwardArguments) page: ForwardArguments) {
    return new PaymentConnection(await listPayments(ctx, page), () => countPayments(ctx));
  }

  @Extensions(waits)
  @Mutation(() => CheckoutPayload, {
    description: withErrors(
      'Begins to pay for Pro, or for the month that is due: answers a page to send the payer to. The card is kept for renewals. Asked again while the page is open, it is the same one.',
      startProCheckoutErrors,
    ),
  })
  startProCheckout(@Ctx() ctx: Context): Promise<Checkout> {
    return startProCheckout(ctx);
  }

  @Extensions(waits)
  @Mutation(() => CheckoutPayload, {
    description: withErrors(
      'Begins to buy a pack of credits: answers a page to send the payer to. Asked again while the page is open, it is the same one.',
      buyCreditsErrors,
    ),
  })
  buyCredits(
    @Ctx() ctx: Context,
    @Arg('input', () => BuyCreditsInput, { description: 'Which pack to buy.' }) input: BuyCreditsInput,
  ): Promise<Checkout> {
    return buyCredits(ctx, input);
  }

  @Extensions(waits)
  @Mutation(() => CheckoutPayload, {
    description: withErrors(
      'Begins to change the card that renews Pro: answers a page on which it is verified and not charged. The old card stays until then; what is due is tried with the new one within a minute.',
      updatePaymentMethodErrors,
    ),
  })
  updatePaymentMethod(@Ctx() ctx: Context): Promise<Checkout> {
    return updatePaymentMethod(ctx);
  }

  @Mutation(() => BillingPayload, {
    description: withErrors(
      'Ends Pro with the month that is paid for, until which it can be resumed; where none is paid for, at once. Nothing is paid back.',
      cancelSubscriptionErrors,
    ),
  })
  async cancelSubscription(@Ctx() ctx: Context): Promise<BillingPayload> {
    await cancelSubscription(ctx);
    return { billing: await readBilling(ctx) };
  }

  @Mutation(() => BillingPayload, {
    description: withErrors('Has a subscription that was cancelled renew itself again.', resumeSubscriptionErrors),
  })
  async resumeSubscription(@Ctx() ctx: Context): Promise<BillingPayload> {
    await resumeSubscription(ctx);
    return { billing: await readBilling(ctx) };
  }
}

function cardOf(subscription: SubscriptionRow | null): PaymentCard | null {
  const { cardScheme, cardLastFour, cardGoodUntil, state } = subscription ?? {};
  if (state === 'EXPIRED' || cardLastFour == null || cardGoodUntil == null) return null;
  return { scheme: cardScheme ?? '', lastFour: cardLastFour, goodUntil: new Date(cardGoodUntil) };
}
