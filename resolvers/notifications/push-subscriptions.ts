import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Context } from '../../src/kernel/context.js';
import {
  registerPushSubscription,
  registerPushSubscriptionErrors,
  removePushSubscription,
  removePushSubscriptionErrors,
} from '../../src/notifications/index.js';
import { withErrors } from '../error-codes.js';

@InputType({ description: "A browser's push subscription, as `PushSubscription.toJSON()` has it." })
class RegisterPushSubscriptionInput {
  @Field(() => String, {
    description: 'Its address at its push service: public, https on port 443, at most 2,000 characters.',
  })
  endpoint!: string;

  @Field(() => String, { description: 'Its public key: an uncompressed P-256 point (65 bytes), base64url.' })
  p256dh!: string;

  @Field(() => String, { description: 'Its authentication secret: 16 bytes, base64url.' })
  auth!: string;
}

@InputType({ description: 'The browser that is to get no more pushes.' })
class RemovePushSubscriptionInput {
  @Field(() => String, { description: 'Its address at its push service.' })
  endpoint!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The browser that it was about.' })
class PushSubscriptionPayload {
  @Field(() => String, { description: 'Its address at its push service.' })
  endpoint!: string;

  @Field(() => String, { description: 'The key that browsers subscribe with (`applicationServerKey`), base64url.' })
  vapidPublicKey!: string;
}

/** The browsers that pushes go to. */
@Resolver()
export class PushSubscriptionsResolver {
  @Mutation(() => PushSubscriptionPayload, {
    description: withErrors(
      "Sends the caller's pushes to this browser from now on, at most 20 browsers; again renews its keys.",
      registerPushSubscriptionErrors,
    ),
  })
  registerPushSubscription(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The browser that is to get pushes.' }) input: RegisterPushSubscriptionInput,
  ): Promise<PushSubscriptionPayload> {
    return registerPushSubscription(ctx, input);
  }

  @Mutation(() => PushSubscriptionPayload, {
    description: withErrors(
      'Sends no more pushes to this browser; again changes nothing.',
      removePushSubscriptionErrors,
    ),
  })
  removePushSubscription(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The browser that is to get none any more.' }) input: RemovePushSubscriptionInput,
  ): Promise<PushSubscriptionPayload> {
    return removePushSubscription(ctx, input);
  }
}
