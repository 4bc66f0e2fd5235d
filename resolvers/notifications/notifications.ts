import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Notification, NotificationType } from '../../entities/notifications/notification.js';
import type { Context } from '../../src/kernel/context.js';
import {
  countNotifications,
  countUnread,
  followNotifications,
  followNotificationsErrors,
  listNotifications,
  listNotificationsErrors,
  markAllNotificationsRead,
  markNotificationRead,
  markNotificationReadErrors,
  type NotificationEdge,
  type NotificationRow,
} from '../../src/notifications/index.js';
import { complexityOfFilter, connectionOf, ForwardArguments } from '../connection.js';
import { withErrors } from '../error-codes.js';
import { selectionOf } from '../selection.js';

const NotificationConnection = connectionOf('Notification', () => Notification);

@InputType({ description: 'Which notifications; an empty filter says all.' })
class NotificationFilter {
  @Field(() => Boolean, { nullable: true, description: 'Only those that were not marked read.' })
  unreadOnly?: boolean | null;

  @Field(() => [NotificationType], {
    nullable: true,
    description: 'Only those of these types; an empty list is as none.',
  })
  type?: NotificationType[] | null;
}

@InputType({ description: 'Which notification to mark read.' })
class MarkNotificationReadInput {
  @Field(() => ID, { description: 'The UUID of the notification.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The notification that was marked read.' })
class NotificationPayload {
  @Field(() => Notification, { description: 'The notification as it is now.' })
  notification!: NotificationRow;

  @Field(() => Int, { description: "How many of the caller's notifications are unread now, 10,000 at most." })
  unreadCount!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What marking all read came to.' })
class MarkAllNotificationsReadPayload {
  @Field(() => Int, { description: 'How many were unread until now, and are not any more.' })
  marked!: number;

  @Field(() => Int, { description: "How many of the caller's notifications are unread now, 10,000 at most." })
  unreadCount!: number;
}

/** What a notification's row does not hold as it is shown. */
@Resolver(() => Notification)
export class NotificationFieldsResolver {
  @FieldResolver(() => Boolean, { description: 'Whether it was marked read.' })
  read(@Root() { readAt }: NotificationRow): boolean {
    return readAt !== null;
  }
}

/** What the user should hear of. */
@Resolver(() => NotificationConnection)
export class NotificationsResolver {
  @Query(() => NotificationConnection, {
    description: withErrors(
      "The caller's notifications, newest first; cursors also fit `notificationAdded`. Filtered by type, a page looks through 10,000 of them: where it finds fewer than it may have, and `hasNextPage`, go on behind `endCursor`; `totalCount` is then of the newest 10,000.",
      listNotificationsErrors,
    ),
    complexity: complexityOfFilter('type'),
  })
  async notifications(
    @Ctx() ctx: Context,
    @Arg('filter', () => NotificationFilter, {
      nullable: true,
      description: 'Which notifications to list; all when omitted.',
    })
    filter: NotificationFilter | null,
    @Args(() => ForwardArguments) page: ForwardArguments,
    @Info() info: GraphQLResolveInfo,
  ) {
    const withCount = selectionOf(info).has('totalCount');
    const found = await listNotifications(ctx, filter, page, withCount);
    return new NotificationConnection(found, () => countNotifications(ctx, filter));
  }

  @FieldResolver(() => Int, {
    description:
      "How many of the caller's notifications are unread, whatever the filter, 10,000 at most; counted only when selected.",
  })
  unreadCount(@Ctx() ctx: Context): Promise<number> {
    return countUnread(ctx);
  }

  @Mutation(() => NotificationPayload, {
    description: withErrors('Marks a notification read; again changes nothing.', markNotificationReadErrors),
  })
  markNotificationRead(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The notification to mark read.' }) input: MarkNotificationReadInput,
  ): Promise<NotificationPayload> {
    return markNotificationRead(ctx, input);
  }

  @Mutation(() => MarkAllNotificationsReadPayload, {
    description: withErrors(
      "Marks all of the caller's notifications read; where more than 1,000 are unread, the newest 1,000, and `unreadCount` says how many are left.",
      {},
    ),
  })
  markAllNotificationsRead(@Ctx() ctx: Context): Promise<MarkAllNotificationsReadPayload> {
    return markAllNotificationsRead(ctx);
  }

  @Subscription(() => NotificationConnection.Edge, {
    description: withErrors(
      "The caller's notifications, oldest first: those newer than the cursor (without one: those after now), then live; none is skipped, none comes twice.",
      followNotificationsErrors,
    ),
    subscribe: ({ args, context }) =>
      followNotifications(context as Context, (args.after as string | undefined) ?? null),
  })
  notificationAdded(
    @Root() edge: NotificationEdge,
    @Arg('after', () => String, { nullable: true, description: 'The last cursor that the caller saw, of either list.' })
    _after?: string,
  ): NotificationEdge {
    return edge;
  }
}
