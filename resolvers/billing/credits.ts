import { Args, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { CreditEntry } from '../../entities/billing/credit-entry.js';
import {
  type Credits,
  countCreditEntries,
  listCreditEntries,
  listCreditEntriesErrors,
  readCredits,
} from '../../src/billing/index.js';
import type { Context } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import { connectionOf, ForwardArguments } from '../connection.js';
import { withErrors } from '../error-codes.js';

const CreditEntryConnection = connectionOf('CreditEntry', () => CreditEntry);

@ObjectType({ simpleResolvers: true, description: 'What an account has to spend; what is held is in no bucket.' })
class CreditBalance implements Credits {
  @Field(() => Int, { description: 'The sum of all buckets, without what is held.' })
  total!: number;

  @Field(() => Int, { description: 'Spent first; gone at the next 00:00 UTC. None are granted yet.' })
  daily!: number;

  @Field(() => Int, { description: 'Credits of the Pro plan, which are spent second.' })
  subscription!: number;

  @Field(() => Int, { description: 'Spent third; never expires.' })
  purchased!: number;

  @Field(() => Int, { description: 'Spent last; never expires.' })
  kickstart!: number;

  @Field(() => Int, { description: 'Set aside for operations that are running.' })
  held!: number;

  @Field(() => DateTime, { description: 'The next 00:00 UTC.' })
  dailyResetAt!: Date;
}

/** Credits and their history. */
@Resolver()
export class CreditsResolver {
  @Query(() => CreditBalance, { description: "The caller's credits at this moment." })
  credits(@Ctx() ctx: Context): Promise<CreditBalance> {
    return readCredits(ctx);
  }

  @Query(() => CreditEntryConnection, {
    description: withErrors('Every grant, hold, spend, refund and expiry, newest first.', listCreditEntriesErrors),
  })
  async creditHistory(@Ctx() ctx: Context, @Args(() => ForwardArguments) page: ForwardArguments) {
    return new CreditEntryConnection(await listCreditEntries(ctx, page), () => countCreditEntries(ctx));
  }
}
