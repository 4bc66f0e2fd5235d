import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportSink } from '../privacy/index.js';
import { UsageError } from './command.js';

/** A folder that takes an export, for its owner alone to read. @throws UsageError when there is something in it */
export async function folderSink(folder: string): Promise<ExportSink & { readonly files: readonly string[] }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new UsageError(`The folder ${folder} is not empty.`);
  const files: string[] = [];
  return {
    files,
    add: async (path: string, content: Readable) => {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await pipeline(content, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      files.push(path);
    },
  };
}
