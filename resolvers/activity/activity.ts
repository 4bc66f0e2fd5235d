import { Arg, Args, Ctx, Field, ID, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { Source } from '../../entities/activity/event.js';
import { countActivity, listActivity, listActivityErrors } from '../../src/activity/index.js';
import type { Context } from '../../src/kernel/context.js';
import { DateTime, JSONObject } from '../../src/kernel/scalars.js';
import { complexityOfFilter, connectionOf, ForwardArguments } from '../connection.js';
import { withErrors } from '../error-codes.js';
import { LoggedEvent, loggedEventResolver } from './logged-event.js';

@ObjectType({ simpleResolvers: true, description: 'One thing that happened to the account.' })
class ActivityEntry extends LoggedEvent {
  @Field(() => ID, { description: "Its number in the account's log." })
  id!: string;

  @Field(() => JSONObject, { description: 'Ids and small facts.' })
  metadata!: Record<string, unknown>;

  @Field(() => DateTime, { description: 'The moment at which it happened.' })
  createdAt!: string;
}

const ActivityConnection = connectionOf('Activity', () => ActivityEntry);

@InputType({ description: 'Which entries; what is omitted, null or an empty list does not matter.' })
class ActivityFilter {
  @Field(() => [String], { nullable: true, description: 'Any of these types; at most 50.' })
  types?: string[] | null;

  @Field(() => String, { nullable: true, description: 'About this kind of thing.' })
  entityType?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what happened to the thing with this id.' })
  entityId?: string | null;

  @Field(() => Source, {
    nullable: true,
    description: 'Only what was caused by the user, the assistant, or the system.',
  })
  source?: Source | null;

  @Field(() => DateTime, { nullable: true, description: 'Only what happened at this moment or later.' })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only what happened before this moment.' })
  before?: Date | null;
}

/** What happened to the account. */
@Resolver(() => ActivityEntry)
export class ActivityResolver extends loggedEventResolver(ActivityEntry) {
  @Query(() => ActivityConnection, {
    description: withErrors(
      'What happened to the account in the last 30 days, newest first. Filtered by type, thing or source, a page looks through 10,000 entries: where it finds fewer than it may have, and `hasNextPage`, go on behind `endCursor`; `totalCount` is then of the newest 10,000.',
      listActivityErrors,
    ),
    complexity: complexityOfFilter('types', 'entityType', 'entityId', 'source'),
  })
  async activity(
    @Ctx() ctx: Context,
    @Arg('filter', () => ActivityFilter, { nullable: true, description: 'Which entries to list; all when omitted.' })
    filter: ActivityFilter | null,
    @Args(() => ForwardArguments) page: ForwardArguments,
  ) {
    return new ActivityConnection(await listActivity(ctx, filter, page), () => countActivity(ctx, filter));
  }
}
