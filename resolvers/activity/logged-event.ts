import { type ClassType, Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { Source } from '../../entities/activity/event.js';
import { type PersonRow, unsafePeopleById } from '../../src/auth/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { EventType, eventTypeOf } from '../event-type.js';
import { PersonType } from '../person.js';

/** What every type says of an event of the log. */
@ObjectType({ simpleResolvers: true })
export abstract class LoggedEvent {
  @Field(() => String, { description: '`thing.verb`, such as `task.completed`.' })
  type!: string;

  @Field(() => Source, { description: 'Who caused it: the user, the assistant, or a rule or job.' })
  source!: Source;

  @Field(() => String, { description: 'What kind of thing it is about.' })
  entityType!: string;

  @Field(() => ID, { description: 'Which thing it is about.' })
  entityId!: string;
}

/** The resolver of such a type, with the fields that a row of the log does not have as they are. */
export function loggedEventResolver<Event extends LoggedEvent>(type: ClassType<Event>) {
  @Resolver(() => type)
  abstract class LoggedEventResolver {
    @FieldResolver(() => EventType, {
      nullable: true,
      description: 'The same as `type`, as one of the values that there are; null for one of a newer server.',
    })
    eventType(@Root() event: { readonly type: string }): string | null {
      return eventTypeOf(event);
    }

    @FieldResolver(() => PersonType, {
      nullable: true,
      description:
        'The signed-in person who did it; null for what a rule or a job did, and where nobody is signed in yet, as when signing up.',
    })
    async actor(
      @Ctx() ctx: Context,
      @Root() { actorId }: { readonly actorId: string | null },
    ): Promise<PersonRow | null> {
      return actorId === null ? null : load(ctx, unsafePeopleById, actorId);
    }
  }
  return LoggedEventResolver;
}
