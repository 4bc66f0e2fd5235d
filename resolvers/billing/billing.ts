import {
  Arg,
  Args,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Tier } from '../../entities/accounts/account.js';
import { Payment } from '../../entities/billing/payment.js';
import { Subscription } from '../../entities/billing/subscription.js';
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
import { DateTime } from '../../src/kernel/scalars.js';
import { connectionOf, ForwardArguments } from '../connection.js';
import { withErrors } from '../error-codes.js';

const PaymentConnection = connectionOf('Payment', () => Payment);

@ObjectType({ simpleResolvers: true, description: 'Credits as they are sold.' })
class CreditPack {
  @Field(() => ID, { description: 'What `buyCredits` takes as `packId`.' })
  id!: string;

  @Field(() => Int, { description: 'The price in hundredths of a US dollar.' })
  cents!: number;

  @Field(() => Int, { description: 'How many credits there are in it; they never expire.' })
  credits!: number;
}

@ObjectType({ simpleResolvers: true, description: 'A card as it may be shown.' })
class PaymentCard {
  @Field(() => String, { description: 'Its scheme, such as `VISA`; empty where the provider does not say.' })
  scheme!: string;

  @Field(() => String, { description: 'Its last four digits.' })
  lastFour!: string;

  @Field(() => DateTime, { description: 'The first moment at which it has expired.' })
  goodUntil!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'What will be charged next.' })
class UpcomingPayment implements Upcoming {
  @Field(() => Int, { description: 'In hundredths of the currency.' })
  amountCents!: number;

  @Field(() => String, { description: 'ISO 4217, such as `USD`.' })
  currency!: string;

  @Field(() => DateTime, { description: 'When; of a renewal that was refused, when it is tried again.' })
  at!: Date | string;
}

@ObjectType('Billing', { simpleResolvers: true, description: 'What an account pays for.' })
class BillingType {
  @Field(() => Tier, { description: 'The plan in force.' })
  tier!: Tier;

  @Field(() => Subscription, {
    nullable: true,
    description: 'The subscription to Pro, or the last one that there was; null where there never was one.',
  })
  subscription!: SubscriptionRow | null;
}

@ObjectType('CheckoutPayload', { simpleResolvers: true, description: 'Where to send the payer.' })
class CheckoutPayload implements Checkout {
  @Field(() => String, {
    description:
      "The payment provider's page. It returns the payer to `/billing/success`, `/billing/failure` or `/billing/cancel` of the client, with `reference` in the query; `changes` says what has become of it, and nothing in that address does.",
  })
  url!: string;

  @Field(() => ID, { description: 'What the payment is known by: `Payment.reference`.' })
  reference!: string;
}

@InputType({ description: 'Which pack to buy.' })
class BuyCreditsInput {
  @Field(() => ID, { description: 'The `id` of one of `Billing.packs`.' })
  packId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Billing as it is now.' })
class BillingPayload {
  @Field(() => BillingType, { description: 'Billing as it is now.' })
  billing!: Billing;
}

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
    description: 'The card that renews Pro; null where nothing is renewed.',
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
      'Begins to change the card that renews Pro: answers a page on which it is verified and not charged. The old card stays until then; what is due is tried with the new one at once.',
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
