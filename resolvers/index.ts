import { isUnionType } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { ChangesResolver } from './activity/changes.js';
import { ChatMessagesResolver } from './assistant/chat-messages.js';
import { ChatStreamResolver } from './assistant/chat-stream.js';
import { ConversationsResolver } from './assistant/conversations.js';
import { UsersResolver } from './auth/users.js';
import { CreditsResolver } from './billing/credits.js';
import { NotificationFieldsResolver, NotificationsResolver } from './notifications/notifications.js';
import { PushSubscriptionsResolver } from './notifications/push-subscriptions.js';
import { SubtasksResolver } from './tasks/subtasks.js';
import { TasksResolver } from './tasks/tasks.js';

/** The whole schema. TypeGraphQL's metadata is global: it is built once per process. */
export const schema = buildSchemaSync({
  resolvers: [
    UsersResolver,
    TasksResolver,
    SubtasksResolver,
    ConversationsResolver,
    ChatMessagesResolver,
    ChatStreamResolver,
    CreditsResolver,
    NotificationFieldsResolver,
    NotificationsResolver,
    PushSubscriptionsResolver,
    ChangesResolver,
  ],
  // Subscriptions pull from stored data (`subscribe:`); TypeGraphQL's own pub/sub is asked for, but nothing uses it.
  pubSub: {
    publish: () => {
      throw new Error('Nothing publishes.');
    },
    subscribe: () => {
      throw new Error('Subscriptions pull from stored data.');
    },
  },
  // Every use case parses its input itself, so that jobs and webhooks get the same check.
  validate: false,
});

// TypeGraphQL resolves unions asynchronously, which graphql-jit does not wait for.
for (const type of Object.values(schema.getTypeMap())) if (isUnionType(type)) type.resolveType = typenameOf;

/** Tells a union's member by the `__typename` that a use case or a resolver put on it. */
function typenameOf(value: unknown): string | undefined {
  const isNamed = typeof value === 'object' && value !== null && '__typename' in value;
  return isNamed && typeof value.__typename === 'string' ? value.__typename : undefined;
}
