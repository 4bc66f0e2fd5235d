import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { beforeAll, expect, test } from '@jest/globals';
import { type Context, SpeechFailure } from '../../src/kernel/context.js';
import { deepgramSpeech } from '../../src/providers/deepgram.js';
import { openProviders } from '../../src/providers.js';
import { eventually, harness } from '../support/harness.js';
import { withServer } from '../support/own-server.js';

const apiKey = 'a-key-that-nobody-may-see';

const world = harness({
  worker: false,
  shared: 'many recordings, none of them of anybody',
  config: { DEEPGRAM_API_KEY: apiKey, SPEECH_TIMEOUT_SECONDS: '1' },
});
let ctx: Context;
beforeAll(async () => {
  ctx = await world.jobContext();
});

const recording = Buffer.from('a recording');

/** A recording, as a job of the worker has it. */
function spoken(audio: Readable = Readable.from([recording]), bytes = recording.length, signal = ctx.signal) {
  return { audio, bytes, contentType: 'audio/webm', signal };
}

/** How it fails when it is asked for. */
async function failureOf(request = spoken(), provider = ctx.providers.speechToText): Promise<SpeechFailure> {
  const failure = await provider.transcribe(request).catch((error: unknown) => error);
  if (!(failure instanceof SpeechFailure)) throw new Error('It did not fail as expected.', { cause: failure });
  expect(request.audio.destroyed).toBe(true);
  expect(failure.code).toBe('AI_SERVICE_UNAVAILABLE');
  expect(String(failure) + String(failure.cause)).not.toContain(apiKey);
  return failure;
}

/** A recording that begins and does not go on. */
function stalled(): Readable {
  const audio = new Readable({ read: () => undefined });
  audio.push(recording);
  return audio;
}

test('a recording goes to the model as it is, and its transcript comes back', async () => {
  await world.speech({ transcript: 'Call Grace.' });
  expect(await ctx.providers.speechToText.transcribe(spoken())).toEqual({ text: 'Call Grace.', seconds: null });
  expect(await world.speechState()).toMatchObject({
    requests: 1,
    lastRequest: {
      query: { model: 'nova-2', punctuate: 'true', smart_format: 'true' },
      contentType: 'audio/webm',
      contentLength: recording.length,
      bytes: recording.length,
      sha256: createHash('sha256').update(recording).digest('hex'),
    },
  });
});

test.each([
  ['nothing', '', ''],
  ['blanks', ' \n\t', ''],
  ['blanks around it', '\n  One.\n\nTwo. \n', 'One.\n\nTwo.'],
  ['breaks of other systems', 'One.\r\nTwo.\u2028Three.', 'One.\nTwo.\nThree.'],
  ['NUL and other controls', 'O\u0000n\u0007e\u009f.\tTwo.', 'One. Two.'],
  ['halves of characters', 'a\ud800b 🦊', 'a\uFFFDb 🦊'],
])('a transcript with %s is mended', async (_, transcript, expected) => {
  await world.speech({ transcript });
  expect(await ctx.providers.speechToText.transcribe(spoken())).toEqual({ text: expected, seconds: null });
});

test.each([408, 429, 500, 502, 503, 504])('when it answers %i, trying again may help', async (status) => {
  await world.speech({ status });
  const { mayTryAgain, cause } = await failureOf();
  expect([mayTryAgain, String(cause)]).toEqual([true, expect.stringContaining(`Status code: ${status}`)]);
  // A job tries again, and nothing below it.
  expect((await world.speechState()).requests).toBe(1);
});

test.each([400, 401, 402, 403, 404, 413, 415, 422])(
  'when it answers %i, trying again does not help',
  async (status) => {
    await world.speech({ status });
    const { mayTryAgain, cause } = await failureOf();
    expect([mayTryAgain, String(cause)]).toEqual([false, expect.stringContaining(`Status code: ${status}`)]);
  },
);

test('an empty recording is refused', async () => {
  expect((await failureOf(spoken(Readable.from([]), 0))).mayTryAgain).toBe(false);
});

test.each<[string, object, RegExp]>([
  ['does not answer', { hang: true }, /took too long/],
  ['answers too late', { delayMs: 10_000 }, /took too long/],
  ['breaks off in the middle', { cut: true }, /terminated/],
  ['answers what is no JSON', { garbage: true }, /no transcription/],
  ['answers nothing', { garbage: ' ' }, /no transcription/],
  ['answers without channels', { garbage: '{"results":{"channels":[]}}' }, /no transcription/],
  ['answers without a reading', { garbage: '{"results":{"channels":[{"alternatives":[]}]}}' }, /no transcription/],
  [
    'answers no text',
    { garbage: '{"results":{"channels":[{"alternatives":[{"transcript":null}]}]}}' },
    /no transcription/,
  ],
])('when it %s, trying again may help', async (_, behaviour, reason) => {
  await world.speech(behaviour);
  const { mayTryAgain, cause } = await failureOf();
  expect([mayTryAgain, String(cause)]).toEqual([true, expect.stringMatching(reason)]);
});

/** How it fails when a server of our own answers; null: when nobody does. */
function failureAt(listener: RequestListener | null): Promise<SpeechFailure> {
  return withServer(listener, (baseUrl) => failureOf(spoken(), deepgramSpeech({ apiKey, baseUrl, timeoutMs: 60_000 })));
}

test('when it breaks off a refusal, trying again does not help', async () => {
  const { mayTryAgain } = await failureAt((_, response) => {
    response.writeHead(400, { 'content-length': 100 }).write('{', () => response.destroy());
  });
  expect(mayTryAgain).toBe(false);
});

test('when its refusal is no JSON, trying again does not help', async () => {
  const { mayTryAgain } = await failureAt((_, response) => {
    response.writeHead(401, { 'content-type': 'application/json' }).end('<html>');
  });
  expect(mayTryAgain).toBe(false);
});

test('an answer without end is not read to its end', async () => {
  const blanks = function* () {
    for (;;) yield Buffer.alloc(1_000_000, ' ');
  };
  const { mayTryAgain, cause } = await failureAt((_, response) => void Readable.from(blanks()).pipe(response));
  expect([mayTryAgain, String(cause)]).toEqual([true, expect.stringContaining('more than 4000000 bytes')]);
});

test('a recording is sent nowhere else, wherever the answer says that it belongs', async () => {
  const asked: unknown[] = [];
  const { mayTryAgain } = await failureAt(({ url }, response) => {
    asked.push(url?.split('?')[0]);
    response.writeHead(303, { location: '/elsewhere' }).end();
  });
  expect([mayTryAgain, asked]).toEqual([true, ['/v1/listen']]);
});

test('when nobody listens there, trying again may help', async () => {
  const { mayTryAgain, cause } = await failureAt(null);
  expect([mayTryAgain, String(cause)]).toEqual([true, expect.stringContaining('ECONNREFUSED')]);
});

test('a recording that cannot be read to its end fails, and trying again may help', async () => {
  const audio = stalled();
  const failing = failureOf(spoken(audio, 1_000));
  await eventually(
    () => world.speechState(),
    ({ requests }) => requests === 1,
  );
  audio.destroy(new Error('The disk is gone.'));
  const { mayTryAgain, cause } = await failing;
  expect([mayTryAgain, String(cause)]).toEqual([true, expect.stringContaining('The disk is gone.')]);
});

test.each<[string, () => Readable, number]>([
  ['while it is sent', stalled, 1_000],
  ['while the answer is waited for', () => Readable.from([recording]), recording.length],
])('a request that is given up %s ends at the provider, too', async (_, audioOf, bytes) => {
  await world.speech({ hang: true });
  const patient = deepgramSpeech({ apiKey, baseUrl: world.deepgram.url, timeoutMs: 60_000 });
  const leaving = new AbortController();
  const audio = audioOf();
  const asked = patient.transcribe(spoken(audio, bytes, leaving.signal));
  const refused = expect(asked).rejects.toThrow('The worker stops.');
  await eventually(
    () => world.speechState(),
    ({ requests, lastRequest }) => requests === 1 && (lastRequest !== null || bytes > recording.length),
  );
  leaving.abort(new Error('The worker stops.'));
  await refused;
  expect(audio.destroyed).toBe(true);
  await eventually(
    () => world.speechState(),
    ({ abortedByClient }) => abortedByClient === 1,
  );
});

test('nothing is asked once it was given up', async () => {
  const signal = AbortSignal.abort(new Error('The worker stops.'));
  const asked = ctx.providers.speechToText.transcribe(spoken(undefined, undefined, signal));
  await expect(asked).rejects.toThrow('The worker stops.');
  expect((await world.speechState()).requests).toBe(0);
});

test('a key that no header can carry is not shown', async () => {
  const unfit = deepgramSpeech({ apiKey: 'hidden\nkey', baseUrl: world.deepgram.url, timeoutMs: 10_000 });
  const { cause } = await failureOf(spoken(), unfit);
  expect(String(cause)).toContain('[key]');
  expect(String(cause)).not.toContain('hidden');
});

test('a process that is no worker is not asked', () => {
  const { speechToText } = openProviders({ api: world.config, worker: null }, world.clock);
  expect(() => speechToText.transcribe(spoken())).toThrow('not configured for it');
});
