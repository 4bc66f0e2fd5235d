import { expect, test } from '@jest/globals';
import { CreditBucketName } from '../../entities/billing/credit-bucket.js';
import {
  Achievements,
  Changes,
  CreateNote,
  CreditHistory,
  Credits,
  DeletedItems,
  DeleteNote,
  FinishVoiceUpload,
  Note,
  Notes,
  RestoreDeleted,
  RetryTranscription,
  StartVoiceUpload,
  UpdateNote,
} from '../../generated/documents.js';
import { adjustCredits } from '../../src/billing/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { minuteMs } from '../../src/kernel/days.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { record, sendRecording, wav, webm } from '../support/recordings.js';

const world = harness({ lastingTokens: true });

/** Somebody on Pro, with these credits. */
async function proUser(credits = 100): Promise<Person> {
  // No day ends in these tests: the next one has credits of its own.
  if (world.clock.now().getUTCHours() >= 20) world.clock.advance(6 * 60 * minuteMs);
  const ada = await world.user();
  await makePro(ada, world, 0);
  const ctx = asAccount(await world.jobContext(), ada.id);
  // With the five that everybody gets.
  const amount = credits - 5;
  if (amount !== 0)
    await adjustCredits(ctx, { bucket: CreditBucketName.KICKSTART, amount, reason: 'test', key: 'test' });
  return ada;
}

async function start(ada: Person, seconds: number, bytes: number | null = null, contentType = 'audio/wav') {
  return (await ada.ok(StartVoiceUpload, { input: { contentType, seconds, bytes } })).startVoiceUpload;
}

const finish = async (ada: Person, uploadId: string) =>
  (await ada.ok(FinishVoiceUpload, { input: { uploadId } })).finishVoiceUpload.note;

const noteOf = async (ada: Person, id: string) => (await ada.ok(Note, { id })).note;
/** Nobody waits for the pause before a next try. */
const tryAgainNow = () =>
  world.sql("update pgboss.job set start_after = now() where name = 'notes.transcribe' and state = 'retry'");
/** The note once its recording was written down, or given up; read anew, since note and recording are two reads. */
async function settled(ada: Person, id: string) {
  await eventually(
    async () => {
      await tryAgainNow();
      return noteOf(ada, id);
    },
    ({ voice }) => voice?.transcription !== 'PENDING',
  );
  return noteOf(ada, id);
}
const credits = async (ada: Person) => (await ada.ok(Credits, {})).credits;

test('what was spoken is sent, written down into a note, and paid by its minutes', async () => {
  const ada = await proUser();
  await world.speech({ transcript: 'Call the plumber tomorrow.' });
  const sound = wav(61);
  const upload = await start(ada, 70, sound.length);
  expect(upload).toMatchObject({ heldCredits: 10, headers: [{ name: 'content-type', value: 'audio/wav' }] });
  expect(await credits(ada)).toMatchObject({ total: 90, held: 10 });
  expect((await sendRecording(upload, sound)).status).toBe(204);
  const note = await finish(ada, upload.uploadId);
  expect(note).toMatchObject({ content: 'Voice recording', voice: { seconds: 61, transcription: 'PENDING' } });
  const done = await settled(ada, note.id);
  expect(done).toMatchObject({
    content: 'Call the plumber tomorrow.',
    voice: { seconds: 61, transcription: 'COMPLETED', error: null, transcript: 'Call the plumber tomorrow.' },
  });
  expect(await credits(ada)).toMatchObject({ total: 90, held: 0 });
  expect((await finish(ada, upload.uploadId)).id).toBe(note.id);
  const types = nodesOf((await ada.ok(Changes, { first: 100 })).changes).map(({ type }) => type);
  expect(types.filter((type) => type.startsWith('note.'))).toEqual(['note.created', 'note.transcribed']);
  expect((await ada.ok(Achievements, {})).achievements.voiceMinutes).toBe(1);
  const heard = await fetch(done.voice?.url ?? '');
  expect(heard.headers.get('content-type')).toBe('audio/wav');
  expect(Buffer.from(await heard.arrayBuffer()).equals(sound)).toBe(true);
});

test('recordings as browsers make them, without a length, are measured by what is in them', async () => {
  const ada = await proUser();
  const note = await record(ada, webm(42), { seconds: 45, contentType: 'audio/webm;codecs=opus' });
  expect(note.voice?.seconds).toBe(42);
  await settled(ada, note.id);
  const long = webm(301);
  const upload = await start(ada, 300, long.length, 'audio/webm');
  await sendRecording(upload, long);
  const refusal = await ada.refused(FinishVoiceUpload, { input: { uploadId: upload.uploadId } }, 'VALIDATION_FAILED');
  expect(refusal.extensions?.['fields']).toEqual([{ field: 'uploadId', rule: 'must be at most 300 s, and is 301' }]);
  await ada.refused(FinishVoiceUpload, { input: { uploadId: upload.uploadId } }, 'NOT_FOUND');
});

test('voice is for Pro, and what cannot be is refused before anything is held', async () => {
  const bob = await world.user('Bob');
  const input = { contentType: 'audio/wav', seconds: 10, bytes: 100 };
  await bob.refused(StartVoiceUpload, { input }, 'VOICE_PRO_ONLY');
  const ada = await proUser(4);
  for (const wrong of [
    { seconds: 0 },
    { seconds: 301 },
    { bytes: 0 },
    { bytes: 60_000_001 },
    { contentType: 'text/plain' },
  ])
    await ada.refused(StartVoiceUpload, { input: { ...input, ...wrong } }, 'VALIDATION_FAILED');
  const refusal = await ada.refused(StartVoiceUpload, { input }, 'INSUFFICIENT_CREDITS');
  expect(refusal.extensions).toMatchObject({ required: 5, available: 4 });
  expect(await credits(ada)).toMatchObject({ total: 4, held: 0 });
  expect(await world.sql('select from files.file')).toEqual([]);
  const limit = (await ada.ok(Notes, { first: 1 })).notes.totalCount;
  for (let count = limit; count < 25; count += 1) await ada.ok(CreateNote, { input: { content: 'x' } });
  const full = await ada.refused(StartVoiceUpload, { input }, 'LIMIT_REACHED');
  expect(full.extensions).toMatchObject({ resource: 'notes', limit: 25 });
});

test('bytes that are no recording, or lie about their length, are refused and removed', async () => {
  const ada = await proUser();
  const text = Buffer.from('This is a text that is called a recording. '.repeat(10));
  const lie = wav(30, { claimed: 5 });
  const refusals: [Buffer, string, string][] = [
    [text, 'audio/webm', 'must be audio/webm; the bytes are unknown'],
    [wav(1), 'audio/webm', 'must be audio/webm; the bytes are audio/wav'],
    [wav(301), 'audio/wav', 'must be at most 300 s, and is 301'],
    [Buffer.concat([wav(1).subarray(0, 44)]), 'audio/wav', 'must be a recording of sound'],
  ];
  for (const [sound, contentType, rule] of refusals) {
    const upload = await start(ada, 10, sound.length, contentType);
    expect((await sendRecording(upload, sound)).status).toBe(204);
    const { uploadId } = upload;
    const refusal = await ada.refused(FinishVoiceUpload, { input: { uploadId } }, 'VALIDATION_FAILED');
    expect(refusal.extensions?.['fields']).toEqual([expect.objectContaining({ rule })]);
  }
  expect((await record(ada, lie, { seconds: 10 })).voice?.seconds).toBe(30);
  await eventually(
    () => world.sql<{ bytes: string; uploads: number }>('select bytes, uploads from files.storage'),
    ([row]) => row?.uploads === 0 && Number(row.bytes) === lie.length,
  );
});

test('one that is longer than announced is held for the rest, and without credits it stays and can be tried again', async () => {
  const ada = await proUser(12);
  const longer = await record(ada, wav(61), { seconds: 30 });
  expect((await settled(ada, longer.id)).voice?.transcription).toBe('COMPLETED');
  expect(await credits(ada)).toMatchObject({ total: 2, held: 0 });
  await adjustCredits(asAccount(await world.jobContext(), ada.id), {
    bucket: CreditBucketName.PURCHASED,
    amount: 5,
    reason: 'test',
    key: 'more',
  });
  const poor = await record(ada, wav(62), { seconds: 30 });
  expect(poor.voice).toMatchObject({ transcription: 'FAILED', error: 'INSUFFICIENT_CREDITS', seconds: 62 });
  expect(await credits(ada)).toMatchObject({ total: 7, held: 0 });
  await ada.refused(RetryTranscription, { input: { id: poor.id } }, 'INSUFFICIENT_CREDITS');
  await adjustCredits(asAccount(await world.jobContext(), ada.id), {
    bucket: CreditBucketName.PURCHASED,
    amount: 3,
    reason: 'test',
    key: 'most',
  });
  await ada.ok(RetryTranscription, { input: { id: poor.id } });
  expect((await settled(ada, poor.id)).voice).toMatchObject({ transcription: 'COMPLETED', error: null });
  expect(await credits(ada)).toMatchObject({ total: 0, held: 0 });
  await ada.refused(RetryTranscription, { input: { id: poor.id } }, 'CONFLICT');
});

test.each([
  { case: 'refuses the recording', behaviour: { status: 400 } },
  { case: 'does not know us', behaviour: { status: 401 } },
  { case: 'is overloaded', behaviour: { status: 429 } },
  { case: 'is broken', behaviour: { status: 500 } },
  { case: 'talks nonsense', behaviour: { garbage: true } },
  { case: 'hangs up', behaviour: { cut: true } },
])(
  'when the provider $case, the credits return, the recording stays, and it can be tried again',
  async ({ behaviour }) => {
    world.expectErrors(/a recording was not written down/);
    const ada = await proUser();
    await world.speech(behaviour);
    const sound = wav(5);
    const note = await record(ada, sound, { seconds: 5 });
    const failed = await settled(ada, note.id);
    expect(failed).toMatchObject({
      content: 'Voice recording',
      voice: { transcription: 'FAILED', error: 'AI_SERVICE_UNAVAILABLE', transcript: null },
    });
    expect(await credits(ada)).toMatchObject({ total: 100, held: 0 });
    expect(Buffer.from(await (await fetch(failed.voice?.url ?? '')).arrayBuffer()).equals(sound)).toBe(true);
    await world.speech({ reset: true, transcript: 'Again.' });
    await ada.ok(RetryTranscription, { input: { id: note.id } });
    expect(await settled(ada, note.id)).toMatchObject({ content: 'Again.', voice: { transcription: 'COMPLETED' } });
    expect(await credits(ada)).toMatchObject({ total: 95, held: 0 });
  },
);

test('what fails once goes well in the next try, and costs once', async () => {
  const ada = await proUser();
  await world.speech({ status: 500, times: 1 });
  const note = await record(ada, wav(5), { seconds: 5 });
  expect((await settled(ada, note.id)).voice?.transcription).toBe('COMPLETED');
  const kinds = nodesOf((await ada.ok(CreditHistory, {})).creditHistory).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'SPEND')).toHaveLength(1);
});

test('an upload that is never finished gives credits and room back', async () => {
  const ada = await proUser();
  const upload = await start(ada, 30, 1_000);
  world.clock.advance(26 * minuteMs);
  await eventually(
    () => credits(ada),
    ({ held, total }) => held === 0 && total === 100,
  );
  expect((await sendRecording(upload, wav(1))).status).toBe(403);
  await ada.refused(FinishVoiceUpload, { input: { uploadId: upload.uploadId } }, 'CONFLICT');
  world.clock.advance(24 * 60 * minuteMs);
  await world.runJobs('files.give-up-uploads');
  expect(await world.sql('select bytes, uploads from files.storage')).toEqual([{ bytes: '0', uploads: 0 }]);
  await world.runJobs('files.remove-released');
  expect(await world.sql('select from files.file')).toEqual([]);
  expect(await world.sql('select from notes.recording')).toEqual([]);
  await ada.refused(FinishVoiceUpload, { input: { uploadId: upload.uploadId } }, 'NOT_FOUND');
});

test('an upload that is finished after its credits went back holds them anew', async () => {
  const ada = await proUser();
  const sound = wav(5);
  const upload = await start(ada, 30, sound.length);
  await sendRecording(upload, sound);
  world.clock.advance(26 * minuteMs);
  await eventually(
    () => credits(ada),
    ({ held }) => held === 0,
  );
  const note = await finish(ada, upload.uploadId);
  await settled(ada, note.id);
  expect(await credits(ada)).toMatchObject({ total: 95, held: 0 });
});

test('what the user writes while it is written down stays, and what was said is beside it', async () => {
  const ada = await proUser();
  await world.speech({ delayMs: 500, transcript: 'What was said.' });
  const note = await record(ada, wav(5), { seconds: 5 });
  await ada.ok(UpdateNote, { input: { id: note.id, content: 'My own words' } });
  const done = await settled(ada, note.id);
  expect(done).toMatchObject({ content: 'My own words', voice: { transcript: 'What was said.' } });
});

test('a deleted note brings its recording back, and its bytes go when it cannot be restored any more', async () => {
  const ada = await proUser();
  const sound = wav(5);
  const note = await record(ada, sound, { seconds: 5 });
  const { voice } = await settled(ada, note.id);
  await ada.ok(DeleteNote, { input: { id: note.id } });
  expect((await fetch(voice?.url ?? '')).status).toBe(404);
  const [item] = (await ada.ok(DeletedItems, {})).deletedItems;
  await ada.ok(RestoreDeleted, { input: { id: item?.id ?? '' } });
  const restored = await noteOf(ada, note.id);
  expect(restored.voice).toMatchObject({ seconds: 5, transcription: 'COMPLETED' });
  expect((await fetch(restored.voice?.url ?? '')).status).toBe(200);
  await ada.ok(DeleteNote, { input: { id: note.id } });
  for (const content of ['a', 'b', 'c']) {
    const other = (await ada.ok(CreateNote, { input: { content } })).createNote.note;
    await ada.ok(DeleteNote, { input: { id: other.id } });
  }
  await world.runJobs('files.remove-released');
  expect(await world.sql('select from files.file')).toEqual([]);
  expect(await world.sql('select from notes.recording')).toEqual([]);
});

test('a note that is deleted while its recording is written down costs nothing, and can be tried again when it is back', async () => {
  const ada = await proUser();
  await world.speech({ delayMs: 800 });
  const note = await record(ada, wav(5), { seconds: 5 });
  await ada.ok(DeleteNote, { input: { id: note.id } });
  expect(await credits(ada)).toMatchObject({ total: 100, held: 0 });
  const [item] = (await ada.ok(DeletedItems, {})).deletedItems;
  await ada.ok(RestoreDeleted, { input: { id: item?.id ?? '' } });
  expect((await noteOf(ada, note.id)).voice).toMatchObject({ transcription: 'FAILED', error: 'NOT_FOUND' });
  await world.speech({ reset: true });
  await ada.ok(RetryTranscription, { input: { id: note.id } });
  expect((await settled(ada, note.id)).voice?.transcription).toBe('COMPLETED');
  expect(await credits(ada)).toMatchObject({ total: 95, held: 0 });
});

test('a recording whose writing down nobody goes on with is given up within a minute, and can be tried again', async () => {
  const idle = await world.another({ worker: false });
  const ada = await idle.user();
  await makePro(ada, idle);
  const note = await record(ada, wav(5), { seconds: 5 });
  // Its worker has died in its last try.
  await idle.sql('delete from pgboss.job where name = $1', ['notes.transcribe']);
  await idle.sql("update notes.recording set awaited_until = now() + interval '45 s'");
  idle.clock.advance(minuteMs);
  await Promise.all([1, 2].map(() => idle.runJobs('notes.sweep-recordings')));
  const given = (await ada.ok(Note, { id: note.id })).note;
  expect(given.voice).toMatchObject({ transcription: 'FAILED', error: 'AI_SERVICE_UNAVAILABLE' });
  expect(await credits(ada)).toMatchObject({ held: 0, total: 105 });
  expect((await ada.ok(RetryTranscription, { input: { id: note.id } })).retryTranscription.note.voice).toMatchObject({
    transcription: 'PENDING',
  });
});

test('a recording is paid by minutes that have begun, and a recorder may come a little late', async () => {
  const ada = await proUser();
  const seconds = async (length: number) => (await record(ada, wav(length), { seconds: 300 })).voice?.seconds;
  expect(await seconds(60.2)).toBe(60);
  expect(await seconds(60.4)).toBe(61);
  expect(await seconds(300.2)).toBe(300);
});

/** A recording that takes long to measure: 0.7 s of a processor a megabyte. */
const hardToMeasure = (bytes: number) => Buffer.concat([webm(1), Buffer.alloc(bytes, Buffer.from('ec80', 'hex'))]);

async function startHard(ada: Person, bytes: number) {
  const hard = hardToMeasure(bytes);
  const upload = await start(ada, 10, hard.length, 'audio/webm');
  await sendRecording(upload, hard);
  return upload;
}

test('files that are made to be hard to read cost one thread for some seconds, and nobody else', async () => {
  const ada = await proUser(1_000);
  const bob = await world.user('Bob');
  const upload = await startHard(ada, 30_000_000);
  const refused = ada.send(FinishVoiceUpload, { input: { uploadId: upload.uploadId } });
  // The process goes on meanwhile.
  for (let count = 0; count < 5; count += 1) await bob.ok(Credits, {});
  const { body } = await refused;
  expect(body.errors?.[0]?.extensions?.['code']).toBe('VALIDATION_FAILED');
});

test('a recording that nobody waits for any more is not measured to its end', async () => {
  const ada = await proUser(1_000);
  const { uploadId } = await startHard(ada, 30_000_000);
  const threads = () => process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;
  const before = threads();
  const left = new AbortController();
  const asked = ada.send(FinishVoiceUpload, { input: { uploadId } }, {}, left.signal);
  await eventually(
    async () => threads(),
    (count) => count > before,
  );
  left.abort();
  await expect(asked).rejects.toThrow();
  await eventually(
    async () => threads(),
    (count) => count === before,
    3_000,
  );
  // It is as if nobody had asked.
  expect(await world.sql('select state from files.file')).toEqual([{ state: 'RECEIVED' }]);
});

test('a finished upload that is finished again is not read again, whatever became of its bytes', async () => {
  const ada = await proUser();
  const upload = await start(ada, 5);
  await sendRecording(upload, wav(5));
  const { id } = await finish(ada, upload.uploadId);
  await settled(ada, id);
  await world.sql("update files.file set object_key = 'voice-recording/gone'");
  expect((await finish(ada, upload.uploadId)).id).toBe(id);
  expect(await world.sql('select released_at from files.file')).toEqual([{ released_at: null }]);
});

test('a note for which there is no room is made later, and bytes that cannot be read now are not taken for none', async () => {
  const ada = await proUser();
  const upload = await start(ada, 5);
  await sendRecording(upload, wav(5));
  const { uploadId } = upload;
  for (let count = 0; count < 25; count += 1) await ada.ok(CreateNote, { input: { content: 'x' } });
  await ada.refused(FinishVoiceUpload, { input: { uploadId } }, 'LIMIT_REACHED');
  const [other] = nodesOf((await ada.ok(Notes, { first: 1 })).notes);
  await ada.ok(DeleteNote, { input: { id: other?.id ?? '' } });
  const [file] = await world.sql<{ key: string }>('select object_key as key from files.file');
  // Where a file stands in the place of a folder, the store says no more than that it cannot read.
  const [folder, name = ''] = (file?.key ?? '').split('/');
  await world.sql('update files.file set object_key = $1', [`${folder}/${name.slice(-2)}/${name}/x`]);
  await ada.refused(FinishVoiceUpload, { input: { uploadId } }, 'UNAVAILABLE');
  await world.sql('update files.file set object_key = $1', [file?.key]);
  expect((await finish(ada, uploadId)).voice?.seconds).toBe(5);
});

test.each([
  ['that there are credits for costs what it is', 100, { total: 85, held: 0 }],
  ['without credits for all of it costs what there is', 12, { total: 0, held: 0 }],
])('a recording that is longer than its bytes say, %s', async (_, given, left) => {
  const ada = await proUser(given);
  await world.speech({ transcript: 'Long.', seconds: 170.4 });
  const done = await settled(ada, (await record(ada, wav(20), { seconds: 20 })).id);
  expect(done.voice).toMatchObject({ seconds: 171, transcription: 'COMPLETED', transcript: 'Long.' });
  expect(await credits(ada)).toMatchObject(left);
});

test('a recording that is as long as it says by a second more or less costs what was held', async () => {
  const ada = await proUser();
  await world.speech({ transcript: 'x', seconds: 60.9 });
  const done = await settled(ada, (await record(ada, wav(60), { seconds: 60 })).id);
  expect(done.voice?.seconds).toBe(60);
  expect(await credits(ada)).toMatchObject({ total: 95, held: 0 });
});

test('what was held for an upload that is refused is free at once', async () => {
  const ada = await proUser(5);
  const { uploadId, ...upload } = await start(ada, 10, 5_000, 'audio/webm');
  await sendRecording(upload, Buffer.alloc(5_000, 'no sound '));
  await ada.refused(FinishVoiceUpload, { input: { uploadId } }, 'VALIDATION_FAILED');
  expect(await credits(ada)).toMatchObject({ total: 5, held: 0 });
  const long = wav(301);
  const other = await start(ada, 10, long.length);
  await sendRecording(other, long);
  await ada.refused(FinishVoiceUpload, { input: { uploadId: other.uploadId } }, 'VALIDATION_FAILED');
  expect(await credits(ada)).toMatchObject({ total: 5, held: 0 });
});

test('without Pro nothing is tried again', async () => {
  const ada = await proUser();
  await world.speech({ status: 400 });
  const { id } = await settled(ada, (await record(ada, wav(5), { seconds: 5 })).id);
  await world.sql("update accounts.account set plan = 'FREE' where id = $1", [ada.id]);
  await ada.refused(RetryTranscription, { input: { id } }, 'VOICE_PRO_ONLY');
});

test('one account has one recording read at a time, so that others are read meanwhile', async () => {
  const [ada, bob] = [await proUser(1_000), await proUser()];
  const uploads: string[] = [];
  for (let count = 0; count < 2; count += 1) uploads.push((await startHard(ada, 2_000_000)).uploadId);
  let isRead = false;
  const refused = Promise.all(uploads.map((uploadId) => ada.send(FinishVoiceUpload, { input: { uploadId } }))).then(
    () => {
      isRead = true;
    },
  );
  const note = await record(bob, wav(5), { seconds: 5 });
  expect([note.voice?.seconds, isRead]).toEqual([5, false]);
  await refused;
});

test('recordings count among the operations of the assistant', async () => {
  const narrow = await world.another({ worker: false, config: { AI_RATE_LIMIT_PER_MINUTE: '1' } });
  const ada = await narrow.user();
  await makePro(ada, narrow);
  const upload = await start(ada, 5);
  await sendRecording(upload, wav(5));
  const input = { contentType: 'audio/wav', seconds: 5 };
  // What is let through beyond a limit is little, and soon over.
  await eventually(
    async () => (await ada.send(StartVoiceUpload, { input })).body.errors?.[0]?.extensions?.['code'],
    (code) => code === 'RATE_LIMITED',
  );
  await ada.refused(StartVoiceUpload, { input }, 'RATE_LIMITED');
  await ada.refused(FinishVoiceUpload, { input: { uploadId: upload.uploadId } }, 'RATE_LIMITED');
  await ada.refused(RetryTranscription, { input: { id: upload.uploadId } }, 'RATE_LIMITED');
});
