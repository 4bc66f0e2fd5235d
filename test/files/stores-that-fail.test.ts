import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FinishVoiceUpload, StartVoiceUpload } from '../../generated/documents.js';
import { startApp } from '../../src/app.js';
import { orphanSweeper } from '../../src/files/index.js';
import { createLog } from '../../src/platform/log.js';
import { Cable } from '../support/cable.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { sendRecording, wav } from '../support/recordings.js';

const world = harness({ lastingTokens: true, worker: false });
const sound = wav(2);

async function start(ada: Person) {
  const input = { contentType: 'audio/wav', seconds: 5, bytes: sound.length };
  return (await ada.ok(StartVoiceUpload, { input })).startVoiceUpload;
}

test('an upload whose commit was never heard of keeps its bytes', async () => {
  const cable = new Cable(world.config.DATABASE_URL);
  const config = { ...world.config, DATABASE_URL: await cable.lay() };
  const app = await startApp(config, { api: config, worker: null }, createLog('silent', { write: () => undefined }));
  try {
    const here = await world.user();
    await makePro(here, world);
    const ada = here.at(app.url ?? '');
    const upload = await start(ada);
    cable.losesAnswerTo = ['RECEIVED', 'commit'];
    expect((await sendRecording(upload, sound)).status).toBe(503);
    expect(cable.losesAnswerTo).toBeNull();
    expect((await sendRecording(upload, sound)).status).toBe(409);
    const { note } = (await ada.ok(FinishVoiceUpload, { input: { uploadId: upload.uploadId } })).finishVoiceUpload;
    const heard = await fetch(note.voice?.url ?? '');
    expect(Buffer.from(await heard.arrayBuffer()).equals(sound)).toBe(true);
  } finally {
    await app.close();
    await cable.remove();
  }
});

test('a folder that takes nothing is away, and no fault of whoever sends', async () => {
  world.expectErrors(/did not take an upload/);
  const folder = await mkdtemp(join(tmpdir(), 'files-'));
  try {
    // Nobody can make a file there, not even the system's own user.
    await symlink('/sys', join(folder, '.unfinished'));
    const other = await world.another({ config: { FILES_FOLDER: folder } });
    const ada = await other.user();
    await makePro(ada, other);
    const answer = await sendRecording(await start(ada), sound);
    expect(await answer.json()).toMatchObject({ error: { code: 'UNAVAILABLE' } });
    expect(answer.status).toBe(503);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('what is not ours in the folder keeps nobody from finding what was left', async () => {
  const ctx = await world.jobContext();
  const folder = world.config.FILES_FOLDER ?? '';
  await writeFile(join(folder, '.DS_Store'), 'x');
  await mkdir(join(folder, 'lost+found'));
  const { objectStore } = ctx.providers;
  await mkdir(join(folder, 'voice-recording', 'aa'), { recursive: true });
  for (let index = 0; index < 1_100; index += 1)
    await writeFile(
      join(folder, 'voice-recording', 'aa', `0193a1c2-0000-7000-8000-${String(index).padStart(12, '0')}-000000aa`),
      'x',
    );
  world.clock.advance(3 * 86_400_000);
  const sweep = orphanSweeper();
  await sweep({ ...ctx, clock: world.clock });
  expect(await objectStore.list('', 10)).toEqual([]);
});
