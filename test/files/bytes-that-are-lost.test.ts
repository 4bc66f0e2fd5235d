import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { FinishVoiceUpload, StartVoiceUpload } from '../../generated/documents.js';
import { accountFiles } from '../../src/files/index.js';
import { asAccount } from '../../src/kernel/context.js';
import { accountExportFile } from '../../src/privacy/account-export-file.js';
import { harness } from '../support/harness.js';
import { makePro } from '../support/pro.js';
import { record, sendRecording, wav } from '../support/recordings.js';

const world = harness({ worker: false });
const sound = wav(2);

/** The only object that there is, and its store. */
async function storedObject() {
  const { providers, signal } = await world.jobContext();
  const [file] = await world.sql<{ key: string }>('select object_key as key from files.file');
  return { store: providers.objectStore, key: file?.key ?? '', signal };
}

test('a file of which bytes are lost breaks off, instead of being waited for or taken for the whole', async () => {
  world.expectErrors(/could not be read/);
  const ada = await world.user();
  await makePro(ada, world);
  const { voice } = await record(ada, sound);
  const { store, key, signal } = await storedObject();
  await store.put(key, Readable.from([sound.subarray(0, 1_000)]), signal);
  const download = await fetch(voice?.url ?? '', { signal: AbortSignal.timeout(120_000) });
  await expect(download.arrayBuffer()).rejects.toThrow('terminated');
  const own = asAccount(await world.jobContext(), ada.id);
  for await (const { read } of accountFiles(own, accountExportFile))
    await expect((await read())?.toArray()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const part = await fetch(voice?.url ?? '', { headers: { range: 'bytes=2000-2010' } });
  expect(part.status).toBe(503);
  await store.remove(key);
  expect((await fetch(voice?.url ?? '')).status).toBe(404);
});

test.each([
  ['lost', 0],
  ['cut', 1_000],
])('an upload that the store has %s before it is finished can be sent again, to the same address', async (_, left) => {
  const ada = await world.user();
  await makePro(ada, world);
  const input = { contentType: 'audio/wav', seconds: 5, bytes: sound.length };
  const { startVoiceUpload: upload } = await ada.ok(StartVoiceUpload, { input });
  await sendRecording(upload, sound);
  const { store, key, signal } = await storedObject();
  if (left === 0) await store.remove(key);
  else await store.put(key, Readable.from([sound.subarray(0, left)]), signal);
  await ada.refused(FinishVoiceUpload, { input: { uploadId: upload.uploadId } }, 'CONFLICT');
  expect((await sendRecording(upload, sound)).status).toBe(204);
  const { note } = (await ada.ok(FinishVoiceUpload, { input: { uploadId: upload.uploadId } })).finishVoiceUpload;
  expect(note.voice?.seconds).toBe(2);
});
