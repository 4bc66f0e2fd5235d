import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Note } from '../../entities/notes/note.js';
import { TranscriptionState } from '../../entities/notes/recording.js';
import { downloadAddress } from '../../src/files/index.js';
import { type Context, load } from '../../src/kernel/context.js';
import { DateTime } from '../../src/kernel/scalars.js';
import {
  finishVoiceUpload,
  finishVoiceUploadErrors,
  type NoteRow,
  type RecordingRow,
  recordingsByNote,
  retryTranscription,
  retryTranscriptionErrors,
  type StartedVoiceUpload,
  startVoiceUpload,
  startVoiceUploadErrors,
  voiceRecording,
} from '../../src/notes/index.js';
import { withErrors } from '../error-codes.js';
import { NotePayload } from './note-payload.js';

@ObjectType('VoiceRecording', { simpleResolvers: true, description: 'What a note was spoken as.' })
class VoiceRecordingType {
  @Field(() => String, {
    description:
      'Where its bytes can be had for 10 minutes, without a header: an `audio` element takes it as it is. Takes Range requests.',
  })
  url!: string;

  @Field(() => Int, { description: 'How long it is, in seconds.' })
  seconds!: number;

  @Field(() => TranscriptionState, { description: 'How far the writing down has come.' })
  transcription!: TranscriptionState;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it was not written down: AI_SERVICE_UNAVAILABLE, INSUFFICIENT_CREDITS, or NOT_FOUND when its note was deleted meanwhile. `retryTranscription` tries again.',
  })
  error!: string | null;

  @Field(() => String, {
    nullable: true,
    complexity: 20,
    description:
      'All that was said, at most 20,000 characters; the note has its beginning. Null until it is written down.',
  })
  transcript!: string | null;
}

@ObjectType('HttpField', { simpleResolvers: true, description: 'A header to send.' })
class HttpFieldType {
  @Field(() => String, { description: 'The name of the header.' })
  name!: string;

  @Field(() => String, { description: 'What to send in it.' })
  value!: string;
}

@InputType({ description: 'A recording that is about to be sent.' })
class StartVoiceUploadInput {
  @Field(() => String, { description: 'Its media type, such as `audio/webm;codecs=opus`; parameters do not matter.' })
  contentType!: string;

  @Field(() => Int, { description: 'How long it is, 1–300 seconds.' })
  seconds!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many bytes it has, at most 60,000,000; when not given, it is sent through our own server.',
  })
  bytes?: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'Where to send a recording.' })
class StartVoiceUploadPayload implements StartedVoiceUpload {
  @Field(() => ID, { description: 'The upload, as `finishVoiceUpload` names it.' })
  uploadId!: string;

  @Field(() => String, {
    description: 'Send the bytes there with PUT, once, with these headers and no others of ours.',
  })
  url!: string;

  @Field(() => [HttpFieldType], { description: 'Headers that the PUT has to have.' })
  headers!: HttpFieldType[];

  @Field(() => DateTime, { description: 'Until when the sending may begin: 10 minutes.' })
  expiresAt!: Date;

  @Field(() => Int, { description: 'Credits that are held for writing it down: 5 for each minute that has begun.' })
  heldCredits!: number;
}

@InputType({ description: 'Which upload has come.' })
class FinishVoiceUploadInput {
  @Field(() => ID, { description: 'The `uploadId` of `startVoiceUpload`.' })
  uploadId!: string;
}

@InputType({ description: 'Which note has a recording that was not written down.' })
class RetryTranscriptionInput {
  @Field(() => ID, { description: 'The note with the recording.' })
  id!: string;
}

/** Recordings of notes. */
@Resolver(() => Note)
export class VoiceResolver {
  @FieldResolver(() => VoiceRecordingType, {
    nullable: true,
    description: 'What it was spoken as; null for a note that was typed.',
  })
  async voice(@Ctx() ctx: Context, @Root() { id }: NoteRow): Promise<VoiceRecordingType | null> {
    const recording = await load(ctx, recordingsByNote, id);
    return recording && voiceOf(ctx, recording);
  }

  @Mutation(() => StartVoiceUploadPayload, {
    description: withErrors(
      'Prepares the upload of a recording, and holds what writing it down costs. Pro only.',
      startVoiceUploadErrors,
    ),
  })
  startVoiceUpload(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'The recording that is about to be sent.' }) input: StartVoiceUploadInput,
  ): Promise<StartVoiceUploadPayload> {
    return startVoiceUpload(ctx, input).then(({ headers, ...started }) => ({ ...started, headers: [...headers] }));
  }

  @Extensions({ answersLater: true })
  @Mutation(() => NotePayload, {
    description: withErrors(
      'Makes a note of a recording that was sent, in an operation of its own; it is written down behind that, and `changes` says when.',
      finishVoiceUploadErrors,
    ),
  })
  finishVoiceUpload(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which upload has come.' }) input: FinishVoiceUploadInput,
  ): Promise<NotePayload> {
    return finishVoiceUpload(ctx, input);
  }

  @Mutation(() => NotePayload, {
    description: withErrors(
      'Has a recording written down that was not; costs what it would have.',
      retryTranscriptionErrors,
    ),
  })
  async retryTranscription(
    @Ctx() ctx: Context,
    @Arg('input', { description: 'Which note has the recording.' }) input: RetryTranscriptionInput,
  ): Promise<NotePayload> {
    return { note: await retryTranscription(ctx, input), unlockedAchievements: [] };
  }
}

function voiceOf(
  ctx: Context,
  { fileId, seconds, transcription, fault, transcript }: RecordingRow,
): VoiceRecordingType {
  const url = downloadAddress(ctx, voiceRecording, { id: fileId });
  return { url, seconds, transcription, error: fault, transcript };
}
