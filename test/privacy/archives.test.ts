import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startS3Emulator } from '../../infra/emulators/s3.js';
import { zipped } from '../../src/privacy/zip.js';
import { bucketStore } from '../../src/providers/storage/bucket-store.js';
import { folderStore } from '../../src/providers/storage/folder-store.js';
import type { ObjectStore } from '../../src/providers/storage/object-store.js';
import { unzip } from '../support/archive.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-tests' };
const key = 'account-export/0193e0a0-0000-7000-8000-000000000000';
const megabyte = 1_000_000;
const { signal } = new AbortController();

const kinds: Record<string, (folder: string) => Promise<{ store: ObjectStore; close(): Promise<void> }>> = {
  'a folder': async (folder) => ({ store: folderStore(join(folder, 'files')), close: async () => undefined }),
  'a bucket': async (folder) => {
    const server = await startS3Emulator({ port: 0, folder, buckets: ['files'], ...credentials });
    const store = bucketStore({ endpoint: server.url, region: 'us-east-1', bucket: 'files', ...credentials });
    return { store, close: () => server.close() };
  },
};

/** Noise piece by piece, which no compression makes smaller; `seen` hears of each piece. */
async function* noise(pieces: number, seen: (piece: number) => void = () => undefined) {
  for (let piece = 1; piece <= pieces; piece += 1) {
    seen(piece);
    yield randomBytes(megabyte);
  }
}

describe.each(Object.entries(kinds))('into %s', (_name, open) => {
  let folder: string;
  let opened: { store: ObjectStore; close(): Promise<void> };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archives-'));
    opened = await open(folder);
  });
  afterEach(async () => {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('an archive of several parts comes whole, as large as the store says', async () => {
    const { store } = opened;
    const stored = await zipped(
      async (sink) => {
        await sink.add('a.json', Readable.from(['[]\n']));
        await sink.add('files/noise/ä b.wav', Readable.from(noise(12)));
      },
      (archive) => store.put(key, archive, signal),
    );
    const archive = await buffer(await store.read(key, null, signal));
    expect(archive.length).toBe(stored.bytes);
    const files = await unzip(archive);
    expect([...files].map(([path, content]) => [path, content.length])).toEqual([
      ['a.json', 3],
      ['files/noise/ä b.wav', 12 * megabyte],
    ]);
  });

  test('where what is added breaks off there is no archive', async () => {
    const { store } = opened;
    const broken = zipped(
      (sink) =>
        sink.add(
          'files/noise',
          Readable.from(
            noise(12, (piece) => {
              if (piece === 8) throw new Error('The database is away.');
            }),
          ),
        ),
      (archive) => store.put(key, archive, signal),
    );
    await expect(broken).rejects.toThrow('The database is away.');
    expect(await store.sizeOf(key)).toBeNull();
  });
});

test('where the store breaks off nothing more is read', async () => {
  let last = 0;
  const broken = zipped(
    (sink) =>
      sink.add(
        'files/noise',
        Readable.from(
          noise(200, (piece) => {
            last = piece;
          }),
        ),
      ),
    async (archive) => {
      for await (const _ of archive) throw new Error('The store is away.');
    },
  );
  await expect(broken).rejects.toThrow('The store is away.');
  expect(last).toBeLessThan(50);
});
