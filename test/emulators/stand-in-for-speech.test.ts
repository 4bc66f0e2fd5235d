import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startDeepgramEmulator } from '../../infra/emulators/deepgram.js';
import type { Emulator } from '../../infra/emulators/server.js';
import { postJson } from '../support/harness.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startDeepgramEmulator({ port: 0 });
});
afterAll(() => emulator.close());
beforeEach(() => control({ reset: true }));

const control = async (behaviour: object) => (await postJson(`${emulator.url}/_control`, behaviour)).json();

async function listen(audio: string, contentType = 'audio/webm', authorization = 'Token key') {
  const response = await fetch(`${emulator.url}/v1/listen?model=nova-2`, {
    method: 'POST',
    headers: { authorization, 'content-type': contentType },
    body: audio,
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const transcriptOf = async (...given: Parameters<typeof listen>): Promise<unknown> =>
  (await listen(...given)).body.results.channels[0].alternatives[0].transcript;

test('the same recording says the same sentence, with the time of each word', async () => {
  const { status, body } = await listen('one');
  expect(status).toBe(200);
  const [{ transcript, words }] = body.results.channels[0].alternatives;
  expect(words.map(({ punctuated_word: word }: { punctuated_word: string }) => word).join(' ')).toBe(transcript);
  expect(words[0]).toEqual({
    word: expect.stringMatching(/^[a-z]+$/),
    start: 0,
    end: 0.4,
    confidence: 0.98,
    punctuated_word: expect.any(String),
  });
  expect(body.metadata).toMatchObject({
    request_id: expect.any(String),
    duration: expect.any(Number),
    sha256: createHash('sha256').update('one').digest('hex'),
    channels: 1,
  });
  expect(await transcriptOf('one')).toBe(transcript);
  const several = await Promise.all(['one', 'two', 'three', 'four', 'five'].map((audio) => transcriptOf(audio)));
  expect(new Set(several).size).toBeGreaterThan(1);
});

test('it fails in the words of Deepgram', async () => {
  const failure = (status: number, code: string) => ({
    status,
    body: { err_code: code, err_msg: expect.any(String), request_id: expect.any(String) },
  });
  expect(await listen('one', 'audio/webm', 'Bearer key')).toEqual(failure(401, 'INVALID_AUTH'));
  expect(await listen('')).toEqual(failure(400, 'Bad Request'));
  await control({ status: 429, times: 1 });
  expect(await listen('one')).toEqual(failure(429, 'TOO_MANY_REQUESTS'));
  expect((await listen('one')).status).toBe(200);
});

test('what is said can depend on the recording, or on its type', async () => {
  await control({ transcript: 'Any.' });
  await control({ match: createHash('sha256').update('one').digest('hex').toUpperCase(), transcript: 'The first.' });
  await control({ match: 'mp4', transcript: 'A film.' });
  expect([await transcriptOf('one'), await transcriptOf('two'), await transcriptOf('two', 'audio/mp4')]).toEqual([
    ...['The first.', 'Any.', 'A film.'],
  ]);
});

test('it refuses what it does not know', async () => {
  const refused = await postJson(`${emulator.url}/_control`, { say: 'Hello' });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('say')]);
  const elsewhere = await fetch(`${emulator.url}/v1/speak`, { method: 'POST' });
  expect([elsewhere.status, await elsewhere.json()]).toEqual([404, expect.objectContaining({ err_code: 'Not Found' })]);
});
