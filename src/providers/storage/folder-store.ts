import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCodeOf } from '../../platform/error-code.js';
import { hashingOf } from './hashing.js';
import { type ListedObject, ObjectMissing, type ObjectStore } from './object-store.js';

/** What is being written, apart from what is there: a name that no key has. */
const unfinished = '.unfinished';
/** Bytes of one object that wait for the disk at most: what has come meanwhile is written by one call. */
const bufferedBytes = 256 * 1_024;
/** An upload takes minutes: what is older was left by a process that died. */
const leftAfterMs = 86_400_000;

/**
 * Keeps objects in a folder, for one machine: each is written beside the others, brought to the disk, and takes its name
 * only then. A key is its path, with two digits of its end in between, so that no folder gets too many files.
 */
export function folderStore(named: string): ObjectStore {
  const folder = resolve(named);
  const pathOf = (key: string) => join(folder, placeOf(key));
  return {
    put: async (key, body, signal) => {
      await mkdir(join(folder, unfinished), { recursive: true });
      const temporary = join(folder, unfinished, randomUUID());
      try {
        const result = hashingOf(body);
        await pipeline(body, createWriteStream(temporary, { flush: true, highWaterMark: bufferedBytes }), { signal });
        const path = pathOf(key);
        await mkdir(dirname(path), { recursive: true });
        await rename(temporary, path);
        await flushFolder(dirname(path));
        return result();
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    read: async (key, range, signal) => {
      const file = await open(pathOf(key)).catch((error: unknown) => refuseMissing(key, error));
      const part = range ? { start: range.from, end: range.to } : {};
      return abortable(createReadStream('', { fd: file, ...part }), signal);
    },
    sizeOf: async (key) => {
      const known = await stat(pathOf(key)).catch((error: unknown) => nullWhenMissing(error));
      return known?.size ?? null;
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    list: async (after, limit) => {
      if (after === '') await removeLeft(join(folder, unfinished));
      return listFrom(folder, after, limit);
    },
    directUpload: async () => null,
  };
}

/** `voice-recording/0193…c7` is kept as `voice-recording/c7/0193…c7`. */
function placeOf(key: string): string {
  return join(dirname(key), key.slice(-2), key.slice(key.lastIndexOf('/') + 1));
}

/** In the order of their places, so that no page reads more folders than it lists. */
async function listFrom(folder: string, after: string, limit: number): Promise<ListedObject[]> {
  const [afterGroup = '', afterPart = '', afterName = ''] = after === '' ? [] : placeOf(after).split(sep);
  const listed: ListedObject[] = [];
  for (const group of await namesIn(folder)) {
    if (group < afterGroup || group === unfinished) continue;
    for (const part of await namesIn(join(folder, group))) {
      if (group === afterGroup && part < afterPart) continue;
      const names = await namesIn(join(folder, group, part));
      const isFirst = group === afterGroup && part === afterPart;
      for (const name of isFirst ? names.filter((each) => each > afterName) : names) {
        const known = await stat(join(folder, group, part, name)).catch((error: unknown) => nullWhenMissing(error));
        if (known?.isFile()) listed.push({ key: `${group}/${name}`, modifiedAt: known.mtime });
        if (listed.length === limit) return listed;
      }
    }
  }
  return listed;
}

/** In their order; none of what is no folder, or is not ours to read, as `lost+found` at the root of a disk. */
async function namesIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch((error: unknown) => {
    if (['ENOTDIR', 'EACCES'].includes(errorCodeOf(error) ?? '')) return null;
    return nullWhenMissing(error);
  });
  return (names ?? []).sort();
}

async function removeLeft(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const known = await stat(path).catch((error: unknown) => nullWhenMissing(error));
    if (known && known.mtimeMs < Date.now() - leftAfterMs) await rm(path, { force: true });
  }
}

/** A name is on the disk only once its folder is. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
}

function abortable(stream: Readable, signal: AbortSignal): Readable {
  const abort = () => stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', abort));
  return stream;
}

function isMissing(error: unknown): boolean {
  return errorCodeOf(error) === 'ENOENT';
}

function nullWhenMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

function refuseMissing(key: string, error: unknown): never {
  throw isMissing(error) ? new ObjectMissing(key) : error;
}
