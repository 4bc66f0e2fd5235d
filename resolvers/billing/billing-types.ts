import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Tier } from '../../entities/accounts/account.js';
import { Subscription } from '../../entities/billing/subscription.js';
import type { Billing, Checkout, SubscriptionRow, Upcoming } from '../../src/billing/index.js';
import { DateTime } from '../../src/kernel/scalars.js';

@ObjectType({ simpleResolvers: true, description: 'Credits as they are sold.' })
export class CreditPack {
  @Field(() => ID, { description: 'What `buyCredits` takes as `packId`.' })
  id!: string;

  @Field(() => Int, { description: 'The price in hundredths of a US dollar.' })
  cents!: number;

  @Field(() => Int, { description: 'How many credits there are in it; they never expire.' })
  credits!: number;
}

@ObjectType({ simpleResolvers: true, description: 'A card as it may be shown.' })
export class PaymentCard {
  @Field(() => String, { description: 'Its scheme, such as `VISA`; empty where the provider does not say.' })
  scheme!: string;

  @Field(() => String, { description: 'Its last four digits.' })
  lastFour!: string;

  @Field(() => DateTime, { description: 'The first moment at which it has expired.' })
  goodUntil!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'What will be charged next.' })
export class UpcomingPayment implements Upcoming {
  @Field(() => Int, { description: 'In hundredths of the currency.' })
  amountCents!: number;

  @Field(() => String, { description: 'ISO 4217, such as `USD`.' })
  currency!: string;

  @Field(() => DateTime, { description: 'When; of a renewal that was refused, when it is tried again.' })
  at!: Date | string;
}

@ObjectType('Billing', { simpleResolvers: true, description: 'What an account pays for.' })
export class BillingType {
  @Field(() => Tier, { description: 'The plan in force.' })
  tier!: Tier;

  @Field(() => Subscription, {
    nullable: true,
    description: 'The subscription to Pro, or the last one that there was; null where there never was one.',
  })
  subscription!: SubscriptionRow | null;
}

@ObjectType('CheckoutPayload', { simpleResolvers: true, description: 'Where to send the payer.' })
export class CheckoutPayload implements Checkout {
  @Field(() => String, {
    description:
      "The payment provider's page. It returns the payer to `/billing/success`, `/billing/failure` or `/billing/cancel` of the client, with `reference` in the query; `changes` says what has become of it, and nothing in that address does.",
  })
  url!: string;

  @Field(() => ID, { description: 'What the payment is known by: `Payment.reference`.' })
  reference!: string;
}

@InputType({ description: 'Which pack to buy.' })
export class BuyCreditsInput {
  @Field(() => ID, { description: 'The `id` of one of `Billing.packs`.' })
  packId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Billing as it is now.' })
export class BillingPayload {
  @Field(() => BillingType, { description: 'Billing as it is now.' })
  billing!: Billing;
}
