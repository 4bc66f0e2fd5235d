import { Arg, Ctx, Field, FieldResolver, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { Tier } from '../../entities/accounts/account.js';
import { User } from '../../entities/auth/user.js';
import { type Limits, readLimits, readPlan } from '../../src/accounts/index.js';
import { readMe, signOutEverywhere, type UserRow, updateProfile, updateProfileErrors } from '../../src/auth/index.js';
import type { Context } from '../../src/kernel/context.js';
import { AppError, type DeclaredErrors } from '../../src/kernel/errors.js';
import { DateTime, JSONObject } from '../../src/kernel/scalars.js';
import { withErrors } from '../error-codes.js';
import { LimitsType } from '../limits.js';

@InputType({ description: 'What to change: an omitted field stays, null clears.' })
class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: '1–100 characters; cannot be cleared.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'IANA time zone; null is UTC.' })
  timeZone?: string | null;

  @Field(() => JSONObject, { nullable: true, description: 'At most 16 KB of JSON; null is {}.' })
  preferences?: Record<string, unknown> | null;
}

@ObjectType({ simpleResolvers: true, description: 'The profile after the change.' })
class UpdateProfilePayload {
  @Field(() => User, { description: 'The person whose profile it is.' })
  user!: UserRow;
}

@ObjectType({ simpleResolvers: true, description: 'How many sign-ins were ended.' })
class SignOutEverywherePayload {
  @Field(() => Int, { description: 'Sign-ins that were still open.' })
  revokedSessions!: number;
}

@ObjectType({ simpleResolvers: true, description: 'Until when the socket stays open.' })
class ReauthenticatePayload {
  @Field(() => DateTime, { description: "The new token's expiry." })
  expiresAt!: Date;
}

/** What the `reauthenticate` of a socket refuses; over HTTP there is no socket. */
const reauthenticateErrors: DeclaredErrors = {
  UNAUTHENTICATED: 'a token that is not valid',
  FORBIDDEN: 'a token of another user',
  CONFLICT: 'over HTTP',
};

/** The signed-in person. */
@Resolver(() => User)
export class UsersResolver {
  @Query(() => User, { description: 'The person who is signed in.' })
  me(@Ctx() ctx: Context): Promise<UserRow> {
    return readMe(ctx);
  }

  @FieldResolver(() => Tier, { description: 'The plan in force.' })
  tier(@Ctx() ctx: Context): Promise<Tier> {
    return readPlan(ctx);
  }

  @FieldResolver(() => LimitsType, { description: "The limits in force: the plan's and all perks." })
  limits(@Ctx() ctx: Context): Promise<Limits> {
    return readLimits(ctx);
  }

  @Mutation(() => UpdateProfilePayload, { description: withErrors('Changes the profile.', updateProfileErrors) })
  async updateProfile(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The fields of the profile to change.' }) input: UpdateProfileInput,
  ): Promise<UpdateProfilePayload> {
    return { user: await updateProfile(ctx, input) };
  }

  @Mutation(() => SignOutEverywherePayload, {
    description: withErrors(
      'Ends every session: refresh tokens, access tokens and open sockets, on every instance.',
      {},
    ),
  })
  signOutEverywhere(@Ctx() ctx: Context): Promise<SignOutEverywherePayload> {
    return signOutEverywhere(ctx);
  }

  @Mutation(() => ReauthenticatePayload, {
    description: withErrors(
      'On a WebSocket: prolongs this connection with a fresh access token of the same user, without dropping a stream.',
      reauthenticateErrors,
    ),
  })
  async reauthenticate(
    @Ctx() ctx: Context,
    @Arg('accessToken', () => String, { description: 'A fresh access token.' }) accessToken: string,
  ): Promise<ReauthenticatePayload> {
    if (!ctx.socket) throw new AppError('CONFLICT', 'There is no WebSocket to prolong.');
    return { expiresAt: await ctx.socket.reauthenticate(accessToken) };
  }
}
