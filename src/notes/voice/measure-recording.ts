import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { parseFile } from 'music-metadata';
import { z } from 'zod';
import { webmSeconds } from './webm-seconds.js';

// The module of a thread: the file that it is given is a stranger's.

const Given = z.object({ path: z.string(), contentType: z.string(), bytes: z.int() });
type Given = z.infer<typeof Given>;

/** What is beside the sound in a file, such as a title, is worth no more. */
const headerSeconds = 2;

/** Seconds, as the file says; null when it is no sound. */
async function measure({ path, contentType, bytes }: Given): Promise<number | null> {
  if (contentType === 'audio/webm') return webmSeconds(createReadStream(path));
  const { format } = await parseFile(path, { duration: true, skipCovers: true });
  const { duration, hasAudio, lossless, bitrate } = format;
  // A header may say less than there is, or nothing: sound that is not compressed has a length by its bytes.
  const byBytes = contentType === 'audio/wav' && lossless && bitrate ? (bytes * 8) / bitrate : 0;
  if (hasAudio === false || (duration === undefined && byBytes <= headerSeconds)) return null;
  return byBytes > (duration ?? 0) + headerSeconds ? byBytes : (duration ?? null);
}

parentPort?.postMessage(
  await measure(Given.parse(workerData)).catch((error: unknown) => {
    if (error instanceof Error && 'syscall' in error) throw error;
    // Whatever the parser says of bytes that it cannot read: they are none of a recording.
    return null;
  }),
);
