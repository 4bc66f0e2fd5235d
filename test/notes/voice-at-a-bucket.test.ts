import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Credits, FinishVoiceUpload, StartVoiceUpload } from '../../generated/documents.js';
import { withBucket } from '../support/bucket.js';
import { harness } from '../support/harness.js';
import { makePro } from '../support/pro.js';
import { sendRecording, wav } from '../support/recordings.js';

const world = harness({ lastingTokens: true, worker: false });

test('a recording is finished once under its key, although the bucket takes longer than a transaction may', () =>
  withBucket(async (bucket) => {
    const stored = await world.another({
      config: {
        FILES_FOLDER: '',
        S3_BUCKET: 'files',
        S3_ENDPOINT: bucket.url,
        S3_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        S3_SECRET_ACCESS_KEY: 'a-secret-of-tests',
      },
    });
    const ada = await stored.user();
    await makePro(ada, stored);
    const sound = wav(5);
    const input = { contentType: 'audio/wav', seconds: 5, bytes: sound.length };
    const upload = (await ada.ok(StartVoiceUpload, { input })).startVoiceUpload;
    await sendRecording(upload, sound);
    await bucket.control({ operation: 'GetObject', delayMs: 3_000 });
    const finish = () =>
      ada.send(FinishVoiceUpload, { input: { uploadId: upload.uploadId } }, { 'idempotency-key': key });
    const key = randomUUID();
    const first = await finish();
    expect(first.body.errors).toBeUndefined();
    await bucket.control({ operation: 'GetObject', status: 500 });
    expect((await finish()).text).toBe(first.text);
    expect((await ada.ok(Credits, {})).credits.held).toBe(5);
    // Its database goes before the bucket does.
    await stored.stop();
  }));
