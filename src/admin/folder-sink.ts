import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isNativeError } from 'node:util/types';
import type { ExportSink } from '../privacy/index.js';
import { UsageError } from './command.js';

/**
 * A folder that takes an export, for its owner alone to read.
 * @throws UsageError when there is something in it, or it cannot be made
 */
export async function folderSink(folder: string): Promise<ExportSink & { readonly files: readonly string[] }> {
  if ((await contentOf(folder)).length > 0) throw new UsageError(`The folder ${folder} is not empty.`);
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

/** What is in a folder, which is made when it is not there; the one that it is in has to be. */
async function contentOf(folder: string): Promise<readonly string[]> {
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (!(isNativeError(error) && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    return await readdir(folder);
  } catch (error) {
    throw new UsageError(`There can be no folder ${folder}: ${isNativeError(error) ? error.message : String(error)}.`);
  }
}
