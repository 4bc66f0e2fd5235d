import {
  Arg,
  Ctx,
  createUnionType,
  Extensions,
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
  actionsOfTargets,
  type ChatMessageRow,
  confirmAction,
  confirmActionErrors,
  convertNote,
  convertNoteErrors,
  type DecidedAction,
  generateSubtasks,
  generateSubtasksErrors,
  readAction,
  readActionErrors,
  rejectAction,
  rejectActionErrors,
  undoAction,
  undoActionErrors,
} from '../../src/assistant/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { JSONObject } from '../../src/kernel/scalars.js';
import { type NoteRow, unsafeNotesById } from '../../src/notes/index.js';
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

@InputType({ description: 'Which task to break down.' })
class GenerateSubtasksInput {
  @Field(() => ID, { description: 'The UUID of the task.' })
  taskId!: string;
}

@InputType({ description: 'Which note to turn into a task.' })
class ConvertNoteInput {
  @Field(() => ID, { description: 'The UUID of the note.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A proposal, and what asking for it, or deciding it, has brought.' })
class AiActionPayload implements DecidedAction {
  @Field(() => Action, { description: 'The proposal as it is now.' })
  action!: ActionRow;

  @Field(() => Int, { description: 'Credits left to spend.' })
  creditsRemaining!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many requests about the task this session has made, this one included; null where none was made.',
  })
  requestsOnTask!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'From the 5th request on, how many are left: the 11th is refused.',
  })
  warning!: string | null;

  @Field(() => [AchievementType], { description: 'What this has earned.' })
  unlockedAchievements!: readonly Achievement[];
}

/** What a client does with a mutation that waits for a model. */
const waits =
  'It waits for the model, so it is sent in an operation of its own; the proposal comes also where nobody waited, and is among the `actions` of its task or note.';

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

  @Extensions({ answersLater: true })
  @Mutation(() => AiActionPayload, {
    description: withErrors(
      `Has the assistant propose subtasks of a task, as many as there is room for; it costs 1 credit, and nothing where nothing usable came. ${waits}`,
      generateSubtasksErrors,
    ),
  })
  generateSubtasks(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which task to break down.' }) input: GenerateSubtasksInput,
  ): Promise<AiActionPayload> {
    return generateSubtasks(ctx, input);
  }

  @Extensions({ answersLater: true })
  @Mutation(() => AiActionPayload, {
    description: withErrors(
      `Has the assistant propose the task that a note describes; it costs 1 credit, and nothing where nothing usable came. ${waits}`,
      convertNoteErrors,
    ),
  })
  convertNote(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which note to turn into a task.' }) input: ConvertNoteInput,
  ): Promise<AiActionPayload> {
    return convertNote(ctx, input);
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
    return load(ctx, actionsOfTargets, id);
  }
}

/** The proposals about a note. */
@Resolver(() => Note)
export class ActionsOfNotesResolver {
  @FieldResolver(() => [Action], { description: 'What was proposed about the note: the newest 20, oldest first.' })
  actions(@Ctx() ctx: Context, @Root() { id }: NoteRow): Promise<readonly ActionRow[]> {
    return load(ctx, actionsOfTargets, id);
  }
}
