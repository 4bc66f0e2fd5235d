import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { S3Error } from './s3-error.js';

const Texts = z.record(z.string(), z.string());
const StoredObject = z.object({
  key: z.string(),
  /** Where its bytes are, in the folder of all contents. */
  file: z.uuid(),
  size: z.int(),
  /** Without quotes: the MD5 as hex; of an object of several parts, that of theirs and their number. */
  etag: z.string(),
  modifiedAt: z.iso.datetime(),
  /** What is answered with it, such as its `content-type` and what its owner noted (`x-amz-meta-…`). */
  headers: Texts,
  /** `x-amz-checksum-…`, where it was given. */
  checksums: Texts,
});

/** An object as it is kept, without its bytes. */
export type StoredObject = z.infer<typeof StoredObject>;

/** Bytes that are kept and belong to no object yet. */
export interface Draft {
  readonly file: string;
  readonly size: number;
  /** MD5 as hex. */
  readonly md5: string;
}

/** What an object has besides its key and its bytes. */
export type Properties = Pick<StoredObject, 'etag' | 'modifiedAt' | 'headers' | 'checksums'>;

/** Bytes of an object, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Buckets in a folder: the bytes of each object in a file, and beside them one small file that says which they are. Only
 * bytes are waited for: what an object is changes in one turn of the event loop, so nobody meets half of it.
 */
export class ObjectStore {
  readonly #folder: string;

  constructor(folder: string, buckets: readonly string[]) {
    this.#folder = folder;
    mkdirSync(join(folder, 'content'), { recursive: true });
    for (const bucket of buckets) mkdirSync(join(folder, 'buckets', bucket), { recursive: true });
  }

  /** Keeps bytes as they come; when they end early, nothing of them. @throws what `content` throws */
  async draft(content: AsyncIterable<Buffer>): Promise<Draft> {
    const file = randomUUID();
    const hash = createHash('md5');
    let size = 0;
    const measured = async function* () {
      for await (const chunk of content) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    try {
      await pipeline(measured, createWriteStream(this.pathOf(file)));
    } catch (error) {
      await this.discard(file);
      throw error;
    }
    return { file, size, md5: hash.digest('hex') };
  }

  /** Removes bytes that no object has. */
  async discard(file: string): Promise<void> {
    await rm(this.pathOf(file), { force: true });
  }

  /**
   * Makes an object of bytes that are kept, in place of the one that had the key.
   * @param exclusively not when there is an object of that key; then the bytes are removed
   * @throws S3Error PreconditionFailed
   */
  async commit(
    { bucket, key }: { readonly bucket: string; readonly key: string },
    { file, size }: Draft,
    properties: Properties,
    exclusively: boolean,
  ): Promise<StoredObject> {
    const before = this.find(bucket, key);
    if (before && exclusively) {
      await this.discard(file);
      throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
    }
    const object = { key, file, size, ...properties };
    const path = this.#entryOf(bucket, key);
    writeFileSync(`${path}.new`, JSON.stringify(object));
    renameSync(`${path}.new`, path);
    if (before) await this.discard(before.file);
    return object;
  }

  /** The object of a key; null when there is none. */
  find(bucket: string, key: string): StoredObject | null {
    const path = this.#entryOf(bucket, key);
    return existsSync(path) ? StoredObject.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
  }

  /** The bytes of an object, or some of them, to be read whatever becomes of it meanwhile. */
  open({ file }: StoredObject, range?: ByteRange): Readable {
    const path = this.pathOf(file);
    return createReadStream(path, { fd: openSync(path, 'r'), ...range });
  }

  /** Removes an object if it is there. */
  async remove(bucket: string, key: string): Promise<void> {
    const object = this.find(bucket, key);
    if (!object) return;
    rmSync(this.#entryOf(bucket, key));
    await this.discard(object.file);
  }

  /** Those whose key begins with `prefix` and comes behind `after`, in the order of their bytes. */
  list(bucket: string, prefix: string, after: string): StoredObject[] {
    const folder = join(this.#folder, 'buckets', bucket);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => StoredObject.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
      .filter(({ key }) => key.startsWith(prefix) && compareBytes(key, after) > 0)
      .sort((one, other) => compareBytes(one.key, other.key));
  }

  /** Where the bytes of a draft or an object are. */
  pathOf(file: string): string {
    return join(this.#folder, 'content', file);
  }

  /** By a hash: a key may be longer than a name of a file, and may have `..` in it. */
  #entryOf(bucket: string, key: string): string {
    return join(this.#folder, 'buckets', bucket, `${createHash('sha256').update(key).digest('hex')}.json`);
  }
}

function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
