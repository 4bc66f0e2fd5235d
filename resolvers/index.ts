import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { JSONObject } from '../src/kernel/scalars.js';
import { AchievementsResolver } from './achievements/achievements.js';
import { ActivityResolver } from './activity/activity.js';
import { ChangesResolver } from './activity/changes.js';
import { ClockResolver } from './activity/clock.js';
import { DeletedItemsResolver } from './activity/deleted-items.js';
import {
  ActionsOfMessagesResolver,
  ActionsOfNotesResolver,
  ActionsOfTasksResolver,
  ActionsResolver,
} from './assistant/actions.js';
import { AnswerRatingsResolver } from './assistant/answer-ratings.js';
import { BranchesResolver } from './assistant/branches.js';
import { ChatMessagesResolver } from './assistant/chat-messages.js';
import { ChatStreamResolver } from './assistant/chat-stream.js';
import { ConversationsResolver } from './assistant/conversations.js';
import { AccountResolver } from './auth/account.js';
import { SessionsResolver } from './auth/sessions.js';
import { UsersResolver } from './auth/users.js';
import { BillingResolver } from './billing/billing.js';
import { CreditStatementsResolver, CreditsResolver } from './billing/credits.js';
import { withErrorCodes } from './error-codes.js';
import { NotesResolver } from './notes/notes.js';
import { VoiceResolver } from './notes/voice.js';
import { NotificationFieldsResolver, NotificationsResolver } from './notifications/notifications.js';
import { PushSubscriptionsResolver } from './notifications/push-subscriptions.js';
import { AccountExportsResolver } from './privacy/account-exports.js';
import { FocusResolver } from './tasks/focus.js';
import { RemindersResolver } from './tasks/reminders.js';
import { SubtasksResolver } from './tasks/subtasks.js';
import { TaskTemplatesResolver } from './tasks/task-templates.js';
import { CompletionsResolver, TasksResolver } from './tasks/tasks.js';

/** What differs between one environment's schema and another's. */
export interface SchemaOptions {
  /** Whether `advanceClock` is there: never in production. */
  readonly movableClock: boolean;
}

const built = new Map<boolean, GraphQLSchema>();

/** The whole schema. TypeGraphQL's metadata is global: each variant is built once per process. */
export function schemaOf({ movableClock }: SchemaOptions): GraphQLSchema {
  const schema = built.get(movableClock) ?? buildSchema(movableClock ? [...resolvers, ClockResolver] : resolvers);
  built.set(movableClock, schema);
  return schema;
}

const resolvers: readonly [NewableFunction, ...NewableFunction[]] = [
  UsersResolver,
  SessionsResolver,
  AccountResolver,
  AccountExportsResolver,
  TasksResolver,
  CompletionsResolver,
  SubtasksResolver,
  TaskTemplatesResolver,
  RemindersResolver,
  FocusResolver,
  DeletedItemsResolver,
  NotesResolver,
  VoiceResolver,
  ConversationsResolver,
  ActionsResolver,
  ActionsOfMessagesResolver,
  ActionsOfTasksResolver,
  ActionsOfNotesResolver,
  ChatMessagesResolver,
  BranchesResolver,
  AnswerRatingsResolver,
  ChatStreamResolver,
  CreditsResolver,
  BillingResolver,
  CreditStatementsResolver,
  AchievementsResolver,
  NotificationFieldsResolver,
  NotificationsResolver,
  PushSubscriptionsResolver,
  ChangesResolver,
  ActivityResolver,
];

function buildSchema(resolvers: readonly [NewableFunction, ...NewableFunction[]]): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [...resolvers],
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
  for (const type of Object.values(schema.getTypeMap())) {
    // TypeGraphQL resolves unions asynchronously, which graphql-jit does not wait for.
    if (isUnionType(type)) type.resolveType = typenameOf;
    if (isObjectType(type)) for (const field of Object.values(type.getFields())) waitForProperty(field);
    if (isObjectType(type)) for (const name of readAlong[type.name] ?? []) takeWhatWasReadAlong(type, name);
  }
  return withErrorCodes(schema);
}

/** Fields with a resolver that reads may have brought along with their object, by type. */
const readAlong: Readonly<Record<string, readonly string[]>> = {
  Task: ['subtasks'],
  CompleteTaskPayload: ['streak'],
};

/** Asks the resolver only for what is not there: TypeGraphQL's way to it costs more than the rest of the field. */
function takeWhatWasReadAlong(type: GraphQLObjectType, name: string): void {
  const field = type.getFields()[name];
  const resolve = field?.resolve;
  if (!field || !resolve) throw new Error(`${type.name}.${name} has no resolver.`);
  field.resolve = (source: object, args, context, info) =>
    Reflect.get(source, name) ?? resolve(source, args, context, info);
}

/**
 * Where a field has no resolver graphql-jit takes the property as it is. Of a promise it would answer an empty object;
 * other scalars refuse one, and what fails is asked of graphql-js.
 */
function waitForProperty(field: GraphQLField<unknown, unknown>): void {
  const type = getNamedType(field.type);
  if (!field.resolve && (isCompositeType(type) || type === JSONObject)) field.resolve = defaultFieldResolver;
}

/** Tells a union's member by the `__typename` that a use case or a resolver put on it. */
function typenameOf(value: unknown): string | undefined {
  const isNamed = typeof value === 'object' && value !== null && '__typename' in value;
  return isNamed && typeof value.__typename === 'string' ? value.__typename : undefined;
}
