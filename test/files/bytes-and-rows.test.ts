import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { FinishVoiceUpload, StartVoiceUpload } from '../../generated/documents.js';
import { orphanSweeper } from '../../src/files/index.js';
import type { Context } from '../../src/kernel/context.js';
import { dayMs } from '../../src/kernel/days.js';
import type { ObjectStore } from '../../src/providers/storage/object-store.js';
import { Chance } from '../support/chance.js';
import { harness } from '../support/harness.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { wav } from '../support/recordings.js';

const world = harness({ lastingTokens: true, worker: false });
const sound = wav(1);
const { signal } = new AbortController();

interface FileRow {
  readonly id: string;
  readonly object_key: string;
  readonly state: string;
}

const rows = () => world.sql<FileRow>('select id, object_key, state from files.file where released_at is null');

async function keysOf(store: ObjectStore): Promise<string[]> {
  return (await store.list('', 1_000)).map(({ key }) => key).toSorted();
}

async function proUser(): Promise<Person> {
  const ada = await world.user();
  await makePro(ada, world, 1_000);
  return ada;
}

/** One upload that gets as far as chance has it; its process dies there. */
async function uploadUntilItDies(ada: Person, chance: Chance, store: ObjectStore): Promise<void> {
  const input = { contentType: 'audio/wav', seconds: 5, bytes: sound.length };
  const { uploadId, url } = (await ada.ok(StartVoiceUpload, { input })).startVoiceUpload;
  const [{ object_key: key } = { object_key: '' }] = (await rows()).filter(({ id }) => id === uploadId);
  switch (chance.upTo(3)) {
    // Nothing has come.
    case 0:
      return;
    // The object is there, and the row does not say so.
    case 1:
      await store.put(`${key}-0a1b2c3d`, Readable.from([sound]), signal);
      return;
    // It has come, and nobody has finished it.
    case 2:
      await fetch(url, { method: 'PUT', headers: { 'content-type': 'audio/wav' }, body: sound });
      return;
    // It is a file.
    default:
      await fetch(url, { method: 'PUT', headers: { 'content-type': 'audio/wav' }, body: sound });
      await ada.ok(FinishVoiceUpload, { input: { uploadId } });
  }
}

/** All sweepers, as far as they get: each removal of an object may be the last thing that their process did. */
async function sweepUntilTheyDie(ctx: Context, chance: Chance): Promise<void> {
  const { objectStore } = ctx.providers;
  const remove: ObjectStore['remove'] = async (key) => {
    if (chance.happens(0.3)) throw new Error('The process died before.');
    await objectStore.remove(key);
    if (chance.happens(0.3)) throw new Error('The process died behind.');
  };
  const mortal = { ...ctx, providers: { ...ctx.providers, objectStore: { ...objectStore, remove } } };
  await orphanSweeper()(mortal).catch(() => undefined);
}

test('wherever a process dies between a row and its object, no file loses its bytes and no bytes stay without a file', async () => {
  const chance = new Chance(Math.floor(Math.random() * 2 ** 32));
  const ada = await proUser();
  const ctx = await world.jobContext();
  const store = ctx.providers.objectStore;
  try {
    for (let count = 0; count < 15; count += 1) await uploadUntilItDies(ada, chance, store);
    const finished = (await rows()).filter(({ state }) => state === 'UPLOADED').map(({ object_key: key }) => key);
    // Objects that are young may belong to an upload that goes on: none is touched.
    const young = await keysOf(store);
    await world.runJobs('files.remove-orphans');
    expect(await keysOf(store)).toEqual(young);
    world.clock.advance(3 * dayMs);
    await world.runJobs('files.give-up-uploads');
    await world.runJobs('files.remove-released');
    for (let round = 0; round < 3; round += 1) {
      await sweepUntilTheyDie(ctx, chance);
      expect(await keysOf(store)).toEqual(expect.arrayContaining(finished));
    }
    await world.runJobs('files.remove-orphans');
    expect(await keysOf(store)).toEqual(finished.toSorted());
    // Of each process its own; the last one is the schedule's.
    expect(await ctx.services.metrics.registry.metrics()).toMatch(/^file_orphans_total \d+$/m);
    expect((await rows()).map(({ object_key: key }) => key).toSorted()).toEqual(finished.toSorted());
  } catch (error) {
    throw new Error(`With the seed ${chance.seed}.`, { cause: error });
  }
});

test("what is somebody else's in the store is left alone", async () => {
  const ctx = await world.jobContext();
  const { objectStore } = ctx.providers;
  const others = ['backups/dump-ab', 'avatar/x-cd', 'voice-recording/readme-ef'];
  for (const key of others) await objectStore.put(key, Readable.from(['x']), signal);
  world.clock.advance(3 * dayMs);
  await world.runJobs('files.remove-orphans');
  expect(await keysOf(objectStore)).toEqual(others.toSorted());
});
