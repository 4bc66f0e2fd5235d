import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { startDeepgramEmulator } from '../../infra/emulators/deepgram.js';
import type { SeenRequest } from '../../infra/emulators/deepgram-control.js';
import { deepgramSpeech } from '../../src/providers/deepgram.js';
import { json } from '../support/harness.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const pieces = 960;
const bytesOfPiece = 62_500;

test('60 MB arrive whole, and are held by nobody on the way', async () => {
  const emulator = await startDeepgramEmulator({ port: 0 });
  try {
    const held: number[] = [];
    const hash = createHash('sha256');
    const recording = function* () {
      for (let index = 0; index < pieces; index += 1) {
        const piece = Buffer.alloc(bytesOfPiece, index);
        hash.update(piece);
        if (index % 60 === 0) {
          collectGarbage();
          held.push(process.memoryUsage().arrayBuffers);
        }
        yield piece;
      }
    };
    const bytes = pieces * bytesOfPiece;
    const speech = deepgramSpeech({ apiKey: 'key', baseUrl: emulator.url, timeoutMs: 60_000 });
    await speech.transcribe({
      audio: Readable.from(recording()),
      bytes,
      contentType: 'audio/webm',
      signal: new AbortController().signal,
    });
    const { lastRequest } = await json<{ lastRequest: SeenRequest }>(await fetch(`${emulator.url}/_control`));
    expect(lastRequest).toMatchObject({ bytes, contentLength: bytes, sha256: hash.digest('hex') });
    // What other tests have left may go meanwhile: only what is added counts.
    expect(Math.max(...held) - (held[0] ?? 0)).toBeLessThan(30_000_000);
  } finally {
    await emulator.close();
  }
});
