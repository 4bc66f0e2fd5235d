import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ExportSink } from './export-into.js';

/**
 * Makes a ZIP archive of what `fill` adds, while `consume` reads it: as fast as the slower of the two, and of each file no
 * more than some buffers are in memory. When one of them fails, so does the other. @throws what the first of them does
 */
export async function zipped<Result>(
  fill: (sink: ExportSink) => Promise<void>,
  consume: (archive: Readable) => Promise<Result>,
): Promise<Result> {
  const zip = new ZipFile();
  const archive = new PassThrough();
  const failed = new AbortController();
  zip.on('error', (error) => archive.destroy(error));
  // Whoever reads it hears of it; nobody may read it any more.
  archive.on('error', () => undefined);
  zip.outputStream.pipe(archive);
  const consuming = consume(archive).catch((error: unknown) => {
    failed.abort(error);
    throw error;
  });
  const filling = fill(sinkOf(zip, failed.signal)).then(
    () => zip.end(),
    (error: unknown) => {
      archive.destroy(error instanceof Error ? error : new Error('The archive was not filled.', { cause: error }));
      throw error;
    },
  );
  const [filled, consumed] = await Promise.allSettled([filling, consuming]);
  // Where both have failed, the one that was read has failed because of the other, unless that was told to stop.
  if (filled.status === 'rejected') throw failed.signal.aborted ? failed.signal.reason : filled.reason;
  if (consumed.status === 'rejected') throw consumed.reason;
  return consumed.value;
}

/** One after another: what waits for its turn is not opened yet. */
function sinkOf(zip: ZipFile, signal: AbortSignal): ExportSink {
  return {
    add: async (path, content) => {
      signal.throwIfAborted();
      // Recordings are compressed as they are.
      zip.addReadStream(content, path, { compress: !path.startsWith('files/') });
      try {
        await finished(content, { signal });
      } catch (error) {
        content.destroy();
        throw error;
      }
    },
  };
}
