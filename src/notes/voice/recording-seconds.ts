import { parseStream } from 'music-metadata';
import type { InspectedUpload } from '../../files/index.js';
import { webmSeconds } from './webm-seconds.js';

/** Bits a second of stereo at 96 kHz with 24 bits, uncompressed, with some room: no voice takes more. */
const maxBitsPerSecond = 6_000_000;
/** What is beside the sound in a file, such as a title, is worth no more. */
const headerSeconds = 2;

/**
 * Seconds of a recording, as its bytes say; null when they are no sound, or say that it is shorter than so many bytes can
 * be. Reads it once.
 */
export async function recordingSeconds({ read, contentType, bytes }: InspectedUpload): Promise<number | null> {
  const seconds =
    contentType === 'audio/webm'
      ? await webmSeconds(await read())
      : await parsedSeconds(await read(), contentType, bytes);
  if (seconds === null || !Number.isFinite(seconds) || seconds <= 0) return null;
  return (bytes * 8) / seconds > maxBitsPerSecond ? null : seconds;
}

async function parsedSeconds(
  stream: Awaited<ReturnType<InspectedUpload['read']>>,
  mimeType: string,
  size: number,
): Promise<number | null> {
  try {
    const { format } = await parseStream(stream, { mimeType, size }, { duration: true, skipCovers: true });
    const { duration, hasAudio, lossless, bitrate } = format;
    if (duration === undefined || hasAudio === false) return null;
    // A header may say less than there is: sound that is not compressed has a length by its bytes.
    const byBytes = mimeType === 'audio/wav' && lossless && bitrate ? (size * 8) / bitrate : 0;
    return byBytes > duration + headerSeconds ? byBytes : duration;
  } catch {
    // Whatever the parser says of bytes that it cannot read: they are none of a recording.
    return null;
  } finally {
    stream.destroy();
  }
}
