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
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Note } from '../../entities/notes/note.js';
import { Task } from '../../entities/tasks/task.js';
import { type Context, load } from '../../src/kernel/context.js';
import {
  countNotes,
  createNote,
  createNoteErrors,
  deleteNote,
  deleteNoteErrors,
  listNotes,
  listNotesErrors,
  type NoteRow,
  readNote,
  readNoteErrors,
  updateNote,
  updateNoteErrors,
} from '../../src/notes/index.js';
import { type TaskRow, unsafeTasksById } from '../../src/tasks/index.js';
import { connectionOf, ForwardArguments } from '../connection.js';
import { DeletePayload } from '../deletion.js';
import { withErrors } from '../error-codes.js';
import { selectionOf } from '../selection.js';
import { NotePayload } from './note-payload.js';

const NoteConnection = connectionOf('Note', () => Note);

@InputType({ description: 'Which notes; what is omitted or null does not matter, but for archived ones.' })
class NoteFilter {
  @Field(() => Boolean, { nullable: true, description: 'True lists the archived ones; otherwise they are left out.' })
  archived?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only notes that hold this text, at most 200 characters, whatever its case.',
  })
  search?: string | null;
}

@InputType({ description: 'What a new note says.' })
class CreateNoteInput {
  @Field(() => String, { description: 'Its text, 1–2,000 characters.' })
  content!: string;
}

@InputType({ description: 'Which note, and what to change; what is omitted stays.' })
class UpdateNoteInput {
  @Field(() => ID, { description: 'The note to change.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Its new text, 1–2,000 characters; cannot be cleared.' })
  content?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Put away, or taken out again; cannot be cleared.' })
  archived?: boolean | null;
}

@InputType({ description: 'Which note to delete.' })
class DeleteNoteInput {
  @Field(() => ID, { description: 'The note to delete.' })
  id!: string;
}

/** Notes. */
@Resolver(() => Note)
export class NotesResolver {
  @FieldResolver(() => Task, {
    nullable: true,
    description: 'The task that it was turned into; null where it was not, and where that task was deleted.',
  })
  async convertedTo(@Ctx() ctx: Context, @Root() { convertedToId }: NoteRow): Promise<TaskRow | null> {
    return convertedToId === null ? null : load(ctx, unsafeTasksById, convertedToId);
  }

  @Query(() => Note, { description: withErrors("One of the caller's notes.", readNoteErrors) })
  note(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'The UUID of the note.' }) id: string,
  ): Promise<NoteRow> {
    return readNote(ctx, id);
  }

  @Query(() => NoteConnection, {
    description: withErrors("The caller's notes, newest first; archived ones only when asked for.", listNotesErrors),
  })
  async notes(
    @Ctx() ctx: Context,
    @Arg('filter', () => NoteFilter, {
      nullable: true,
      description: 'Which notes to list; archived ones are left out when omitted.',
    })
    filter: NoteFilter | null,
    @Args(() => ForwardArguments) page: ForwardArguments,
    @Info() info: GraphQLResolveInfo,
  ) {
    const withCount = selectionOf(info).has('totalCount');
    return new NoteConnection(await listNotes(ctx, filter, page, withCount), () => countNotes(ctx, filter));
  }

  @Mutation(() => NotePayload, { description: withErrors('Writes down a note.', createNoteErrors) })
  createNote(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'What the new note says.' }) input: CreateNoteInput,
  ): Promise<NotePayload> {
    return createNote(ctx, input);
  }

  @Mutation(() => NotePayload, { description: withErrors('Changes a note.', updateNoteErrors) })
  updateNote(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which note, and what to change.' }) input: UpdateNoteInput,
  ): Promise<NotePayload> {
    return updateNote(ctx, input);
  }

  @Mutation(() => DeletePayload, {
    description: withErrors('Deletes a note; the three newest deletions can be restored.', deleteNoteErrors),
  })
  async deleteNote(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The note to delete.' }) input: DeleteNoteInput,
  ): Promise<DeletePayload> {
    const deletedItem = await deleteNote(ctx, input);
    return { deletedId: deletedItem.entityId, deletedItem };
  }
}
