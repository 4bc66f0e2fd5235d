import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startS3Emulator } from '../../infra/emulators/s3.js';
import { bucketStore } from '../../src/providers/storage/bucket-store.js';
import { folderStore } from '../../src/providers/storage/folder-store.js';
import { ObjectMissing, type ObjectStore } from '../../src/providers/storage/object-store.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-tests' };
const key = 'test/0193e0a0-0000-7000-8000-0000000000';

const kinds: Record<string, (folder: string) => Promise<{ store: ObjectStore; close(): Promise<void> }>> = {
  'a folder': async (folder) => ({ store: folderStore(join(folder, 'files')), close: async () => undefined }),
  'a bucket': async (folder) => {
    const server = await startS3Emulator({ port: 0, folder, buckets: ['files'], ...credentials });
    const store = bucketStore({ endpoint: server.url, region: 'us-east-1', bucket: 'files', ...credentials });
    return { store, close: () => server.close() };
  },
};

describe.each(Object.entries(kinds))('in %s', (_name, open) => {
  let folder: string;
  let opened: { store: ObjectStore; close(): Promise<void> };
  const { signal } = new AbortController();
  const put = (name: string, content: Buffer | Readable) =>
    opened.store.put(name, content instanceof Readable ? content : Readable.from([content]), signal);
  const read = async (name: string, range: { from: number; to: number } | null = null) =>
    buffer(await opened.store.read(name, range, signal));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'store-'));
    opened = await open(folder);
  });
  afterEach(async () => {
    await opened.close();
    rmSync(folder, { recursive: true });
  });

  test('an object is read as it was stored, whole and in parts', async () => {
    const content = Buffer.from('0123456789'.repeat(1_000));
    const stored = await put(`${key}01`, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(stored).toEqual({ bytes: 10_000, sha256 });
    expect((await read(`${key}01`)).equals(content)).toBe(true);
    expect((await read(`${key}01`, { from: 5, to: 11 })).toString()).toBe('5678901');
    expect(await opened.store.sizeOf(`${key}01`)).toBe(10_000);
  });

  test('an object of several parts is whole', async () => {
    const chunk = Buffer.alloc(1_024 * 1_024, 'x');
    const many = Readable.from(Array.from({ length: 12 }, () => chunk));
    expect(await put(`${key}02`, many)).toMatchObject({ bytes: 12 * chunk.length });
    expect((await read(`${key}02`)).length).toBe(12 * chunk.length);
  });

  test('what is not there is missing, and can be removed', async () => {
    await expect(read(`${key}03`)).rejects.toThrow(ObjectMissing);
    expect(await opened.store.sizeOf(`${key}03`)).toBeNull();
    await opened.store.remove(`${key}03`);
    await put(`${key}03`, Buffer.from('x'));
    await opened.store.remove(`${key}03`);
    expect(await opened.store.sizeOf(`${key}03`)).toBeNull();
  });

  test('a body that breaks off leaves nothing', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(6 * 1_024 * 1_024, 'x');
        throw new Error('gone');
      })(),
    );
    await expect(put(`${key}04`, broken)).rejects.toThrow('gone');
    expect(await opened.store.sizeOf(`${key}04`)).toBeNull();
    expect(await opened.store.list('', 10)).toEqual([]);
  });

  test('an upload that is given up leaves nothing', async () => {
    const given = new AbortController();
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          yield Buffer.alloc(1_024, 'x');
          if (!given.signal.aborted) given.abort(new Error('left'));
          await new Promise((resolve) => setImmediate(resolve));
        }
      })(),
    );
    await expect(opened.store.put(`${key}05`, endless, given.signal)).rejects.toThrow();
    expect(await opened.store.sizeOf(`${key}05`)).toBeNull();
  });

  test('objects are listed page by page, each once, from any key on', async () => {
    for (const end of ['13', '11', '12']) await put(`${key}${end}`, Buffer.from(end));
    const keys = async (after: string, limit: number) =>
      (await opened.store.list(after, limit)).map((object) => object.key.slice(-2));
    expect(await keys('', 10)).toEqual(['11', '12', '13']);
    expect(await keys('', 2)).toEqual(['11', '12']);
    expect(await keys(`${key}12`, 10)).toEqual(['13']);
    const [first] = await opened.store.list('', 1);
    expect(Math.abs((first?.modifiedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('an address for a direct upload, where there is one, takes one object of its type and size', async () => {
    const terms = { contentType: 'audio/wav', bytes: 5, seconds: 60 };
    const direct = await opened.store.directUpload(`${key}21`, terms);
    if (!direct) return;
    const send = (body: string, own: Record<string, string> = {}) =>
      fetch(direct.url, { method: 'PUT', headers: { ...direct.headers, ...own }, body });
    expect((await send('four')).status).toBe(403);
    expect((await send('five!', { 'content-type': 'text/plain' })).status).toBe(403);
    expect((await send('five!')).status).toBe(200);
    expect((await send('other')).status).toBe(412);
    expect((await read(`${key}21`)).toString()).toBe('five!');
  });
});
