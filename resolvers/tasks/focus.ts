import {
  Arg,
  Ctx,
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
import { FocusSession } from '../../entities/tasks/focus-session.js';
import { Task } from '../../entities/tasks/task.js';
import type { Context } from '../../src/kernel/context.js';
import {
  endFocus,
  type FocusSessionRow,
  focusSeconds,
  readFocusSession,
  readTask,
  startFocus,
  startFocusErrors,
  type TaskRow,
} from '../../src/tasks/index.js';
import { withErrors } from '../error-codes.js';

@InputType({ description: 'What to focus on.' })
class StartFocusInput {
  @Field(() => ID, { description: 'The UUID of the task to focus on.' })
  taskId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A focus session and its task.' })
class FocusPayload {
  @Field(() => FocusSession, { nullable: true, description: 'The session; null when none was running.' })
  session!: FocusSessionRow | null;

  @Field(() => Task, { nullable: true, description: 'Its task; null when none was running.' })
  task!: Task | null;
}

/** Time spent on tasks. */
@Resolver(() => FocusSession)
export class FocusResolver {
  @Query(() => FocusSession, { nullable: true, description: 'The running session; null when there is none.' })
  focusSession(@Ctx() ctx: Context): Promise<FocusSessionRow | null> {
    return readFocusSession(ctx);
  }

  @FieldResolver(() => Task, { description: 'The task that it is spent on.' })
  task(@Ctx() ctx: Context, @Root() session: FocusSessionRow): Promise<TaskRow> {
    return readTask(ctx, session.taskId);
  }

  @FieldResolver(() => Int, {
    description: 'Seconds that it has lasted so far, as measured by the server; 43,200 at most.',
  })
  seconds(@Ctx() ctx: Context, @Root() session: FocusSessionRow): number {
    return focusSeconds(ctx, session);
  }

  @Mutation(() => FocusPayload, {
    description: withErrors(
      'Begins to measure the time spent on a task; a session on another task ends.',
      startFocusErrors,
    ),
  })
  startFocus(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'What to focus on.' }) input: StartFocusInput,
  ): Promise<FocusPayload> {
    return startFocus(ctx, input);
  }

  @Mutation(() => FocusPayload, {
    description: withErrors(
      'Ends the running session and adds its time to the task; with none running it does nothing.',
      {},
    ),
  })
  async endFocus(@Ctx() ctx: Context): Promise<FocusPayload> {
    return (await endFocus(ctx)) ?? { session: null, task: null };
  }
}
