import {
  Arg,
  Ctx,
  createUnionType,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Action } from '../../entities/assistant/action.js';
import { ChatMessage } from '../../entities/assistant/chat-message.js';
import { Note } from '../../entities/notes/note.js';
import { Task } from '../../entities/tasks/task.js';
import type { Achievement } from '../../src/achievements/index.js';
import {
  type ActionRow,
  actionsOfMessages,
  actionsOfTasks,
  type ChatMessageRow,
  confirmAction,
  confirmActionErrors,
  type DecidedAction,
  readAction,
  readActionErrors,
  rejectAction,
  rejectActionErrors,
  undoAction,
  undoActionErrors,
} from '../../src/assistant/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { JSONObject } from '../../src/kernel/scalars.js';
import { unsafeNotesById } from '../../src/notes/index.js';
import { type TaskRow, unsafeTasksById } from '../../src/tasks/index.js';
import { AchievementType } from '../achievement.js';
import { withErrors } from '../error-codes.js';

const AiActionResult = createUnionType({
  name: 'AiActionResult',
  description: 'What a confirmed proposal has made or changed.',
  types: () => [Task, Note] as const,
});

@InputType({ description: 'Which proposal to do, and what of it in another way.' })
class ConfirmActionInput {
  @Field(() => ID, { description: 'The UUID of the proposal.' })
  id!: string;

  @Field(() => JSONObject, {
    nullable: true,
    description: 'Fields of the proposal in place of those that it has, before it is done; the others stay.',
  })
  edits?: Record<string, unknown> | null;
}

@InputType({ description: 'Which proposal is not wanted.' })
class RejectActionInput {
  @Field(() => ID, { description: 'The UUID of the proposal.' })
  id!: string;
}

@InputType({ description: 'Which proposal to take back.' })
class UndoActionInput {
  @Field(() => ID, { description: 'The UUID of the proposal.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A proposal, and what deciding it has brought.' })
class AiActionPayload implements DecidedAction {
  @Field(() => Action, { description: 'The proposal as it is now.' })
  action!: ActionRow;

  @Field(() => Int, { description: 'Credits left to spend.' })
  creditsRemaining!: number;

  @Field(() => [AchievementType], { description: 'What this has earned.' })
  unlockedAchievements!: readonly Achievement[];
}

/** What the assistant proposes. */
@Resolver(() => Action)
export class ActionsResolver {
  @Query(() => Action, { description: withErrors('One proposal of the assistant.', readActionErrors) })
  aiAction(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'The UUID of the proposal.' }) id: string,
  ): Promise<ActionRow> {
    return readAction(ctx, id);
  }

  @FieldResolver(() => AiActionResult, {
    nullable: true,
    description: 'What it has made or changed; null until it is confirmed, and where that was deleted since.',
  })
  async result(@Ctx() ctx: Context, @Root() { resultType, resultId }: ActionRow): Promise<object | null> {
    if (resultId === null) return null;
    const [typename, found] =
      resultType === 'task'
        ? ['Task', await load(ctx, unsafeTasksById, resultId)]
        : ['Note', await load(ctx, unsafeNotesById, resultId)];
    return found && { __typename: typename, ...found };
  }

  @Mutation(() => AiActionPayload, {
    description: withErrors(
      'Does what was proposed, once, as if its user had done it; source AI. What cannot be done stays proposed.',
      confirmActionErrors,
    ),
  })
  confirmAction(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which proposal to do.' }) input: ConfirmActionInput,
  ): Promise<AiActionPayload> {
    return confirmAction(ctx, input);
  }

  @Mutation(() => AiActionPayload, {
    description: withErrors('Says that a proposal is not wanted.', rejectActionErrors),
  })
  rejectAction(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which proposal is not wanted.' }) input: RejectActionInput,
  ): Promise<AiActionPayload> {
    return rejectAction(ctx, input);
  }

  @Mutation(() => AiActionPayload, {
    description: withErrors(
      'Takes back what a confirmed proposal has done, for 30 days, and nothing that its user did since. What was earned stays.',
      undoActionErrors,
    ),
  })
  undoAction(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which proposal to take back.' }) input: UndoActionInput,
  ): Promise<AiActionPayload> {
    return undoAction(ctx, input);
  }
}

/** The proposals that came with a message. */
@Resolver(() => ChatMessage)
export class ActionsOfMessagesResolver {
  @FieldResolver(() => [Action], { description: 'What the answer proposes, in its order: ten at most.' })
  actions(@Ctx() ctx: Context, @Root() { id }: ChatMessageRow): Promise<readonly ActionRow[]> {
    return load(ctx, actionsOfMessages, id);
  }
}

/** The proposals about a task. */
@Resolver(() => Task)
export class ActionsOfTasksResolver {
  @FieldResolver(() => [Action], { description: 'What was proposed about the task: the newest 20, oldest first.' })
  actions(@Ctx() ctx: Context, @Root() { id }: TaskRow): Promise<readonly ActionRow[]> {
    return load(ctx, actionsOfTasks, id);
  }
}
