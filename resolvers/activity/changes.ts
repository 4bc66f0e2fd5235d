import {
  Arg,
  Args,
  Ctx,
  createUnionType,
  Field,
  FieldResolver,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Action } from '../../entities/assistant/action.js';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Conversation } from '../../entities/assistant/conversation.js';
import { Payment } from '../../entities/billing/payment.js';
import { Subscription as BillingSubscription } from '../../entities/billing/subscription.js';
import { Note } from '../../entities/notes/note.js';
import { Notification } from '../../entities/notifications/notification.js';
import { AccountExport } from '../../entities/privacy/account-export.js';
import { Reminder } from '../../entities/tasks/reminder.js';
import { Subtask } from '../../entities/tasks/subtask.js';
import { Task } from '../../entities/tasks/task.js';
import { TaskTemplate } from '../../entities/tasks/task-template.js';
import {
  type ChangeEdge,
  type ChangeRow,
  changesErrors,
  followChanges,
  readChanges,
} from '../../src/activity/index.js';
import { unsafeActionsById, unsafeConversationsById, unsafeMessagesById } from '../../src/assistant/index.js';
import { paymentsById, subscriptionsById } from '../../src/billing/index.js';
import { type BatchFunction, type Context, load } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import { unsafeNotesById } from '../../src/notes/index.js';
import { unsafeNotificationsById } from '../../src/notifications/index.js';
import { unsafeExportsById } from '../../src/privacy/index.js';
import {
  unsafeRemindersById,
  unsafeSubtasksById,
  unsafeTasksById,
  unsafeTemplatesById,
} from '../../src/tasks/index.js';
import { edgeOf, ForwardArguments, PageInfo } from '../connection.js';
import { withErrors } from '../error-codes.js';
import { LoggedEvent, loggedEventResolver } from './logged-event.js';

/** How each thing that events speak of is read; a batch reads whatever one page of changes names. */
const readers: Readonly<Record<string, { typename: string; read: BatchFunction<string, object | null> }>> = {
  task: { typename: 'Task', read: unsafeTasksById },
  subtask: { typename: 'Subtask', read: unsafeSubtasksById },
  task_template: { typename: 'TaskTemplate', read: unsafeTemplatesById },
  reminder: { typename: 'Reminder', read: unsafeRemindersById },
  note: { typename: 'Note', read: unsafeNotesById },
  conversation: { typename: 'Conversation', read: unsafeConversationsById },
  chat_message: { typename: 'ChatMessage', read: unsafeMessagesById },
  ai_action: { typename: 'AiAction', read: unsafeActionsById },
  notification: { typename: 'Notification', read: unsafeNotificationsById },
  subscription: { typename: 'BillingSubscription', read: subscriptionsById },
  payment: { typename: 'Payment', read: paymentsById },
  account_export: { typename: 'AccountExport', read: unsafeExportsById },
};

const ChangedEntity = createUnionType({
  name: 'ChangedEntity',
  description: 'What a change is about.',
  types: () =>
    [
      Task,
      Subtask,
      TaskTemplate,
      Reminder,
      Note,
      Conversation,
      ChatMessage,
      Action,
      Notification,
      BillingSubscription,
      Payment,
      AccountExport,
    ] as const,
});

@ObjectType('Change', { simpleResolvers: true, description: 'One event of the log.' })
class Change extends LoggedEvent {
  @Field(() => DateTime, { description: 'The moment at which it happened.' })
  at!: string;
}

const ChangeEdgeType = edgeOf('Change', () => Change);

@ObjectType({ simpleResolvers: true, description: 'One page of changes, in commit order.' })
class ChangeConnection {
  @Field(() => [ChangeEdgeType], { description: 'The changes with their cursors.' })
  edges!: readonly ChangeEdge[];

  @Field(() => [Change], { description: 'The changes of this page, without their cursors.' })
  nodes!: readonly ChangeRow[];

  @Field(() => PageInfo, { description: 'Where the page lies.' })
  pageInfo!: PageInfo;
}

/** What changed since a cursor. */
@Resolver(() => Change)
export class ChangesResolver extends loggedEventResolver(Change) {
  @Query(() => ChangeConnection, {
    description: withErrors(
      'What changed since a cursor, in commit order: the pull half of offline sync. Without a cursor from the oldest event kept (30 days).',
      changesErrors,
    ),
  })
  async changes(@Ctx() ctx: Context, @Args(() => ForwardArguments) page: ForwardArguments): Promise<ChangeConnection> {
    const { edges, pageInfo } = await readChanges(ctx, page);
    return { edges, pageInfo, nodes: edges.map(({ node }) => node) };
  }

  @Subscription(() => ChangeEdgeType, {
    name: 'changes',
    description: withErrors(
      "The user's changes in commit order, first those newer than the cursor (without one: those after now): none is skipped, none comes twice.",
      changesErrors,
    ),
    subscribe: ({ args, context }) => followChanges(context as Context, (args.after as string | undefined) ?? null),
  })
  followChanges(
    @Root() edge: ChangeEdge,
    @Arg('after', () => String, { nullable: true, description: 'The last cursor that the caller saw.' })
    _after?: string,
  ): ChangeEdge {
    return edge;
  }

  @FieldResolver(() => ChangedEntity, {
    nullable: true,
    description: 'The thing as it is now; null when it is gone, or is none of these.',
  })
  async entity(@Ctx() ctx: Context, @Root() change: ChangeRow): Promise<object | null> {
    const reader = readers[change.entityType];
    if (!reader) return null;
    const row = await load(ctx, reader.read, change.entityId);
    return row && { __typename: reader.typename, ...row };
  }
}
