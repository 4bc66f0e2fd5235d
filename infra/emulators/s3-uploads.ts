import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { S3Error } from './s3-error.js';
import type { Draft, ObjectStore } from './s3-store.js';

const Upload = z.object({ bucket: z.string(), key: z.string(), headers: z.record(z.string(), z.string()) });

/** An object that is to come in parts: where it is to be, and what is to be answered with it. */
type Upload = z.infer<typeof Upload>;

/** A part as whoever completes an upload names it. */
export interface NamedPart {
  readonly number: number;
  /** MD5 as hex. */
  readonly etag: string;
}

/** Bytes of every part but the last: 5 MiB. */
const minPartBytes = 5 * 1024 ** 2;

/** The objects that are coming in parts: a folder for each, with a file for each part. */
export class Uploads {
  constructor(
    private readonly folder: string,
    private readonly store: ObjectStore,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** Begins one, and answers its id. */
  begin(upload: Upload): string {
    const id = randomUUID();
    mkdirSync(join(this.folder, id));
    writeFileSync(join(this.folder, id, 'upload.json'), JSON.stringify(upload));
    return id;
  }

  /** @throws S3Error NoSuchUpload when it is not of that object, or has ended */
  require(id: string, bucket: string, key: string): Upload {
    const path = join(this.folder, id, 'upload.json');
    const upload =
      z.uuid().safeParse(id).success && existsSync(path) ? Upload.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
    if (upload?.bucket !== bucket || upload.key !== key)
      throw new S3Error('NoSuchUpload', 'The specified upload does not exist. It may have been aborted or completed.');
    return upload;
  }

  /** Keeps a part, in place of the one of its number. */
  async put(id: string, number: number, { file, md5 }: Draft): Promise<void> {
    const folder = join(this.folder, id);
    if (!existsSync(folder)) {
      await this.store.discard(file);
      throw new S3Error('NoSuchUpload', 'The upload ended while its part came.');
    }
    for (const name of readdirSync(folder)) if (name.startsWith(`${number}-`)) rmSync(join(folder, name));
    renameSync(this.store.pathOf(file), join(folder, `${number}-${md5}`));
  }

  /**
   * Joins the parts that are named. Answers their bytes, and the ETag of the whole.
   * @throws S3Error InvalidPart, InvalidPartOrder, EntityTooSmall
   */
  async join(id: string, parts: readonly NamedPart[]): Promise<Draft & { readonly etag: string }> {
    const paths = parts.map(({ number, etag }) => join(this.folder, id, `${number}-${etag}`));
    if (paths.length === 0 || !paths.every((path) => existsSync(path)))
      throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.');
    if (parts.some(({ number }, place) => number <= (parts[place - 1]?.number ?? 0)))
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    if (paths.slice(0, -1).some((path) => statSync(path).size < minPartBytes))
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    const hash = createHash('md5');
    for (const { etag } of parts) hash.update(etag, 'hex');
    return { ...(await this.store.draft(contentOf(paths))), etag: `${hash.digest('hex')}-${parts.length}` };
  }

  /** Removes one with its parts. */
  end(id: string): void {
    rmSync(join(this.folder, id), { recursive: true, force: true });
  }
}

async function* contentOf(paths: readonly string[]): AsyncGenerator<Buffer> {
  for (const path of paths) yield* createReadStream(path);
}
