import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Session } from '../../entities/auth/session.js';
import { endSession, endSessionErrors, readSessions, type SessionRow } from '../../src/auth/index.js';
import { type Context, requirePerson } from '../../src/kernel/context.js';
import { withErrors } from '../error-codes.js';

@InputType({ description: 'Which session to end.' })
class EndSessionInput {
  @Field(() => ID, { description: 'The UUID of one of `mySessions`.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The session that has ended.' })
class EndSessionPayload {
  @Field(() => Session, { description: 'The session as it was before it ended.' })
  session!: SessionRow;
}

/** Where the person is signed in. */
@Resolver(() => Session)
export class SessionsResolver {
  @Query(() => [Session], {
    description: "The caller's sign-ins that can still be used, the one used last first; at most 100.",
  })
  mySessions(@Ctx() ctx: Context): Promise<readonly SessionRow[]> {
    return readSessions(ctx);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is the one that asks.' })
  current(@Ctx() ctx: Context, @Root() { id }: SessionRow): boolean {
    return id === requirePerson(ctx).sessionId;
  }

  @Mutation(() => EndSessionPayload, {
    description: withErrors(
      'Ends one session: its refresh tokens, access tokens and open sockets, on every instance within a second. Ending it again changes nothing.',
      endSessionErrors,
    ),
  })
  async endSession(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The session to end.' }) input: EndSessionInput,
  ): Promise<EndSessionPayload> {
    return { session: await endSession(ctx, input) };
  }
}
