import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type pg from 'pg';
import { Credits, Note, Notes, RetryTranscription } from '../../generated/documents.js';
import { folderStore } from '../../src/providers/storage/folder-store.js';
import { expectLedgerToAddUp } from '../support/crashes.js';
import { eventually, harness } from '../support/harness.js';
import { migratedFrom } from '../support/migrating.js';
import { OldAccount } from '../support/old-rows.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { wav } from '../support/recordings.js';
import { startRoles } from '../support/role.js';

const sound = wav(3);
const keyOf = (fileId: string) => `voice-recording/${fileId}`;

/** A recording as the version before `awaited_until` has left it. */
interface OldRecording {
  readonly fileId: string;
  /** Null while its upload has not been finished. */
  readonly noteId: string | null;
}

type Left = 'announced' | 'waiting' | 'written down' | 'given up';

async function insertRecording(
  client: pg.Client,
  { id }: OldAccount,
  left: Left,
  holdId: string | null,
): Promise<OldRecording> {
  const [fileId, noteId] = [randomUUID(), left === 'announced' ? null : randomUUID()];
  const isHere = left !== 'announced';
  await client.query('begin');
  if (noteId !== null)
    await client.query(
      `insert into notes.note (account_id, id, content, created_at, updated_at) values ($1, $2, $3, now(), now())`,
      [id, noteId, left],
    );
  await client.query(
    `insert into files.file (account_id, id, purpose, state, content_type, bytes, is_size_declared, object_key, sha256, scan,
       created_at, unfinished_until)
     values ($1, $2, 'voice-recording', $3, 'audio/wav', $4, true, $5, $6, $7, now(), now() + interval '1 hour')`,
    [
      ...[id, fileId, isHere ? 'UPLOADED' : 'PENDING', sound.length, keyOf(fileId)],
      ...[isHere ? createHash('sha256').update(sound).digest('hex') : null, isHere ? 'CLEAN' : 'PENDING'],
    ],
  );
  const isPending = left === 'announced' || left === 'waiting';
  await client.query(
    `insert into notes.recording (account_id, file_id, note_id, seconds, transcription, fault, transcript, hold_id, tries, created_at)
     values ($1, $2, $3, 3, $4, $5, $6, $7, $8, now())`,
    [
      ...[id, fileId, noteId, isPending ? 'PENDING' : left === 'given up' ? 'FAILED' : 'COMPLETED'],
      ...[left === 'given up' ? 'AI_SERVICE_UNAVAILABLE' : null, left === 'written down' ? 'Buy milk' : null],
      ...[isPending ? holdId : null, isHere ? 1 : 0],
    ],
  );
  await client.query('commit');
  return { fileId, noteId };
}

let account: OldAccount;
let old: Readonly<Record<Left, OldRecording>>;
const world = harness({
  lastingTokens: true,
  worker: false,
  database: () =>
    migratedFrom('0018_conversation-branches', async (client) => {
      account = await OldAccount.insert(client, 'PRO');
      await account.book('GRANT', 'PURCHASED', 40, { daysAgo: 3 });
      const holds = [await account.hold('PURCHASED', 5, 0), await account.hold('PURCHASED', 5, 0)] as const;
      await client.query(
        `update billing.credit_hold set lease_until = now() + interval '5 minutes' where account_id = $1`,
        [account.id],
      );
      old = {
        announced: await insertRecording(client, account, 'announced', holds[0]),
        waiting: await insertRecording(client, account, 'waiting', holds[1]),
        'written down': await insertRecording(client, account, 'written down', null),
        'given up': await insertRecording(client, account, 'given up', null),
      };
    }),
});

async function signIn(): Promise<Person> {
  const { FILES_FOLDER } = world.config;
  if (FILES_FOLDER === null) throw new Error('This world keeps no files.');
  const store = folderStore(FILES_FOLDER);
  for (const { fileId, noteId } of Object.values(old))
    if (noteId !== null) await store.put(keyOf(fileId), Readable.from([sound]), AbortSignal.timeout(5_000));
  return world.signIn({ email: `${account.id}@example.com`, name: 'Ada', sub: account.id });
}

const credits = async (ada: Person) => (await ada.ok(Credits, {})).credits;
const voiceOf = async (ada: Person, left: Left) => (await ada.ok(Note, { id: old[left].noteId ?? '' })).note.voice;

test('a recording that waited when the release came is given up, with its credits back, and all others stay', async () => {
  const ada = await signIn();
  expect(await credits(ada)).toMatchObject({ purchased: 30, held: 10 });
  expect(await voiceOf(ada, 'waiting')).toMatchObject({ transcription: 'PENDING', error: null });
  await world.runJobs('notes.sweep-recordings');
  expect(await voiceOf(ada, 'waiting')).toMatchObject({ transcription: 'FAILED', error: 'AI_SERVICE_UNAVAILABLE' });
  // The one that is announced is still held for.
  expect(await credits(ada)).toMatchObject({ purchased: 35, held: 5 });
  expect(await voiceOf(ada, 'written down')).toMatchObject({ transcription: 'COMPLETED', transcript: 'Buy milk' });
  expect(await voiceOf(ada, 'given up')).toMatchObject({ transcription: 'FAILED' });
  expect(
    nodesOf((await ada.ok(Notes, {})).notes)
      .map(({ content }) => content)
      .toSorted(),
  ).toEqual(['given up', 'waiting', 'written down']);
  await expectLedgerToAddUp(world);
});

test('an upload that was announced before the release gives its credits back when nobody finishes it', async () => {
  const ada = await signIn();
  world.clock.advance(2 * 3_600_000);
  for (const job of ['billing.sweep-holds', 'files.give-up-uploads', 'files.remove-released']) await world.runJobs(job);
  expect(await credits(ada)).toMatchObject({ purchased: 40, held: 0 });
  const left = await world.sql('select note_id from notes.recording where file_id = $1', [old.announced.fileId]);
  expect(left).toEqual([]);
  await expectLedgerToAddUp(world);
});

test('what was given up is tried again, and paid once it is written down', async () => {
  const ada = await signIn();
  await world.runJobs('notes.sweep-recordings');
  const worker = await startRoles(world.config, ['worker']);
  try {
    for (const left of ['waiting', 'given up'] as const) {
      await ada.ok(RetryTranscription, { input: { id: old[left].noteId ?? '' } });
      await eventually(
        () => voiceOf(ada, left),
        (voice) => voice?.transcription === 'COMPLETED',
      );
    }
  } finally {
    await worker.kill();
  }
  expect(await credits(ada)).toMatchObject({ purchased: 25, held: 5 });
  await expectLedgerToAddUp(world);
});
