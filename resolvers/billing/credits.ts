import { Arg, Args, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { CreditEntry } from '../../entities/billing/credit-entry.js';
import { Run } from '../../entities/llm/run.js';
import {
  type Balances,
  type CreditEntryRow,
  type CreditStatement,
  type Credits,
  countCreditEntries,
  listCreditEntries,
  listCreditEntriesErrors,
  readCreditStatement,
  readCreditStatementErrors,
  readCredits,
} from '../../src/billing/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import { type RunRow, runsByHold } from '../../src/llm/index.js';
import { connectionOf, ForwardArguments, lookingThroughCost } from '../connection.js';
import { withErrors } from '../error-codes.js';

const CreditEntryConnection = connectionOf('CreditEntry', () => CreditEntry);

@ObjectType({ simpleResolvers: true })
abstract class BalancesType implements Balances {
  @Field(() => Int, { description: 'The sum of all buckets, without what is held.' })
  total!: number;

  @Field(() => Int, {
    description:
      'Spent first; gone at the next 00:00 UTC, when those of the next day come: `Limits.dailyCredits`, as it was then.',
  })
  daily!: number;

  @Field(() => Int, { description: 'Credits of the Pro plan, which are spent second.' })
  subscription!: number;

  @Field(() => Int, { description: 'Spent third; never expires.' })
  purchased!: number;

  @Field(() => Int, { description: 'Spent last; never expires.' })
  kickstart!: number;

  @Field(() => Int, { description: 'Set aside for operations that are running.' })
  held!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What an account has to spend; what is held is in no bucket.' })
class CreditBalance extends BalancesType implements Credits {
  @Field(() => DateTime, { description: 'The next 00:00 UTC.' })
  dailyResetAt!: Date;
}

@ObjectType('CreditStatement', {
  simpleResolvers: true,
  description: 'What an account had at a moment of the past, as its ledger says.',
})
class CreditStatementType extends BalancesType implements CreditStatement {
  @Field(() => DateTime, { description: 'The moment that it is of.' })
  at!: Date;

  upTo!: string;
}

/** Credits and their history. */
@Resolver(() => CreditEntry)
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

  @Query(() => CreditStatementType, {
    complexity: lookingThroughCost,
    description: withErrors(
      'What the caller had at a moment, added up from the lines of the ledger that had been written by then. Of an account that nobody looked at for more than a year, daily credits are booked for the last year only.',
      readCreditStatementErrors,
    ),
  })
  creditStatement(
    @Ctx() ctx: Context,
    @Arg('at', () => DateTime, { nullable: true, description: 'The moment; now, when not given.' }) at: Date | null,
  ): Promise<CreditStatementType> {
    return readCreditStatement(ctx, at);
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description: 'The run of a model that it belongs to; null where there was none.',
  })
  run(@Ctx() ctx: Context, @Root() { holdId }: CreditEntryRow): Promise<RunRow | null> | null {
    return holdId === null ? null : load(ctx, runsByHold, holdId);
  }
}

/** Statements of credits. */
@Resolver(() => CreditStatementType)
export class CreditStatementsResolver {
  @FieldResolver(() => CreditEntryConnection, {
    description: withErrors('The lines that had been written by then, newest first.', listCreditEntriesErrors),
  })
  async entries(
    @Ctx() ctx: Context,
    @Root() { upTo }: CreditStatement,
    @Args(() => ForwardArguments) page: ForwardArguments,
  ) {
    return new CreditEntryConnection(await listCreditEntries(ctx, page, upTo), () => countCreditEntries(ctx, upTo));
  }
}
