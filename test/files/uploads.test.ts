import { request } from 'node:http';
import { expect, test } from '@jest/globals';
import { FinishVoiceUpload, Notes, SignOutEverywhere, StartVoiceUpload } from '../../generated/documents.js';
import { eventually, harness } from '../support/harness.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { makePro } from '../support/pro.js';
import { wav } from '../support/recordings.js';

const world = harness({ lastingTokens: true, worker: false, apps: 2 });
const sound = wav(2);

async function proUser(name = 'Ada'): Promise<Person> {
  const ada = await world.user(name);
  await makePro(ada, world, 1_000);
  return ada;
}

const start = async (ada: Person, bytes: number | null = sound.length) =>
  (await ada.ok(StartVoiceUpload, { input: { contentType: 'audio/wav', seconds: 5, bytes } })).startVoiceUpload;

const type = { 'content-type': 'audio/wav' };
const put = (url: string, body: Buffer, headers: Record<string, string> = type) =>
  fetch(url, { method: 'PUT', headers, body, signal: AbortSignal.timeout(120_000) });

const codeOf = async (response: Response) => {
  const text = await response.text();
  return text === '' ? response.status : `${response.status} ${JSON.parse(text).error.code}`;
};

test('an address takes its bytes once, of its type and its size', async () => {
  const ada = await proUser();
  const { url, uploadId } = await start(ada);
  expect(await codeOf(await put(url, sound, { 'content-type': 'audio/mpeg' }))).toBe('400 VALIDATION_FAILED');
  expect(await codeOf(await put(url, sound.subarray(1)))).toBe('400 VALIDATION_FAILED');
  expect(await codeOf(await put(url, Buffer.concat([sound, sound])))).toBe('400 VALIDATION_FAILED');
  await ada.refused(FinishVoiceUpload, { input: { uploadId } }, 'CONFLICT');
  expect(await codeOf(await put(url, sound))).toBe(204);
  expect(await codeOf(await put(url, sound))).toBe('409 CONFLICT');
  await ada.ok(FinishVoiceUpload, { input: { uploadId } });
  expect(await codeOf(await put(url, sound))).toBe('409 CONFLICT');
});

test('of two that send at once, to two processes, one is taken', async () => {
  const ada = await proUser();
  const { url, uploadId } = await start(ada);
  const other = url.replace(world.urlOf(0), world.urlOf(1));
  const answers = await Promise.all([url, other, url, other].map(async (each) => codeOf(await put(each, sound))));
  expect(answers.filter((code) => code === 204)).toHaveLength(1);
  for (const code of answers) expect([204, '409 CONFLICT', '503 UNAVAILABLE']).toContain(code);
  await ada.ok(FinishVoiceUpload, { input: { uploadId } });
});

test('an address is good for one file, one action and its time', async () => {
  const ada = await proUser();
  const { url, uploadId } = await start(ada);
  const other = await start(ada);
  const tampered = [
    url.replace(uploadId, other.uploadId),
    url.replace('/uploads/', '/files/'),
    url.replace(/expires=\d+/, (expires) => `expires=1${expires.slice(8)}`),
    url.replace(/person=[^&]+/, 'person=somebody'),
    url.replace(/signature=./, 'signature=!'),
    url.split('?')[0] ?? '',
    `${url}&person=x`,
  ];
  for (const each of tampered) {
    const response = each.includes('/files/') ? await fetch(each) : await put(each, sound);
    expect(await codeOf(response)).toBe('403 FORBIDDEN');
  }
  const strange = ['..%2f..%2fetc%2fpasswd', '%00', 'x'].map((id) => url.replace(uploadId, id));
  for (const each of strange)
    expect(await codeOf(await put(each, sound))).toMatch(/^(400 VALIDATION_FAILED|404 NOT_FOUND)$/);
  world.clock.advance(601_000);
  expect(await codeOf(await put(url, sound))).toBe('403 FORBIDDEN');
});

test('an upload that breaks off leaves nothing, and can be sent again', async () => {
  const ada = await proUser();
  const { url, uploadId } = await start(ada);
  await new Promise<void>((resolve) => {
    const sending = request(url, { method: 'PUT', headers: { ...type, 'content-length': sound.length } });
    sending.once('error', () => resolve());
    sending.write(sound.subarray(0, 1_000), () => sending.destroy(new Error('gone')));
  });
  // The server may still be busy with what broke off.
  const taken = await eventually(
    async () => codeOf(await put(url, sound)),
    (code) => code !== '503 UNAVAILABLE',
  );
  expect(taken).toBe(204);
  await ada.ok(FinishVoiceUpload, { input: { uploadId } });
});

test('without a size as many bytes may come as there may be', async () => {
  const ada = await proUser();
  const { url, uploadId } = await start(ada, null);
  expect(await world.sql('select bytes from files.storage')).toEqual([{ bytes: '60000000' }]);
  expect(await codeOf(await put(url, Buffer.alloc(0)))).toBe('400 VALIDATION_FAILED');
  expect(await codeOf(await put(url, sound))).toBe(204);
  await ada.ok(FinishVoiceUpload, { input: { uploadId } });
  expect(await world.sql('select bytes from files.storage')).toEqual([{ bytes: `${sound.length}` }]);
});

test('room is reserved before anything is sent, and there is only so much of it', async () => {
  const ada = await proUser();
  for (let count = 0; count < 16; count += 1) await start(ada, null);
  const input = { contentType: 'audio/wav', seconds: 5, bytes: null };
  const full = await ada.refused(StartVoiceUpload, { input }, 'LIMIT_REACHED');
  expect(full.extensions).toMatchObject({ resource: 'storage', limit: 1_000_000_000, current: 960_000_000 });
  for (let count = 16; count < 20; count += 1) await start(ada);
  const many = await ada.refused(StartVoiceUpload, { input: { ...input, bytes: 10 } }, 'LIMIT_REACHED');
  expect(many.extensions).toMatchObject({ resource: 'uploads', limit: 20, current: 20 });
});

test('somebody else can neither finish an upload nor hear what was sent', async () => {
  const ada = await proUser();
  const bob = await proUser('Bob');
  const { url, uploadId } = await start(ada);
  await put(url, sound);
  await bob.refused(FinishVoiceUpload, { input: { uploadId } }, 'FORBIDDEN');
  const { note } = (await ada.ok(FinishVoiceUpload, { input: { uploadId } })).finishVoiceUpload;
  const own = note.voice?.url ?? '';
  expect((await fetch(own)).status).toBe(200);
  const foreign = own.replace(ada.id, bob.id);
  expect(await codeOf(await fetch(foreign))).toBe('403 FORBIDDEN');
});

test('a download has what browsers need: parts, a type that is not guessed, and no place in a cache', async () => {
  const ada = await proUser();
  const { url, uploadId } = await start(ada);
  await put(url, sound);
  const { note } = (await ada.ok(FinishVoiceUpload, { input: { uploadId } })).finishVoiceUpload;
  const own = note.voice?.url ?? '';
  const whole = await fetch(own);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'accept-ranges': 'bytes',
    'content-disposition': 'inline',
    'content-length': `${sound.length}`,
    'content-type': 'audio/wav',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  });
  const part = async (range: string) => {
    const response = await fetch(own, { headers: { range } });
    const bytes = Buffer.from(await response.arrayBuffer());
    return [response.status, response.headers.get('content-range'), bytes.length, bytes] as const;
  };
  const { length } = sound;
  expect(await part('bytes=0-9')).toEqual([206, `bytes 0-9/${length}`, 10, sound.subarray(0, 10)]);
  expect(await part('bytes=100-')).toEqual([
    206,
    `bytes 100-${length - 1}/${length}`,
    length - 100,
    sound.subarray(100),
  ]);
  expect(await part('bytes=-7')).toEqual([206, `bytes ${length - 7}-${length - 1}/${length}`, 7, sound.subarray(-7)]);
  expect((await part(`bytes=0-${10 * length}`))[2]).toBe(length);
  expect((await part('bytes=0-1,4-5'))[0]).toBe(200);
  expect((await part('bytes=5-2'))[0]).toBe(200);
  expect((await part(`bytes=${length}-`)).slice(0, 2)).toEqual([416, `bytes */${length}`]);
  const etag = whole.headers.get('etag') ?? '';
  const ifRange = async (value: string) =>
    (await fetch(own, { headers: { range: 'bytes=0-9', 'if-range': value } })).status;
  expect([await ifRange(etag), await ifRange('"another"')]).toEqual([206, 200]);
  const head = await fetch(own, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, `${length}`]);
  // The address outlives the session that asked for it, but not its time.
  await ada.ok(SignOutEverywhere, {});
  expect((await fetch(own)).status).toBe(200);
  world.clock.advance(601_000);
  expect((await fetch(own)).status).toBe(403);
});

test('what was finished twice at once is one note', async () => {
  const ada = await proUser();
  const { url, uploadId } = await start(ada);
  await put(url, sound);
  const finished = await Promise.all([1, 2, 3].map(() => ada.ok(FinishVoiceUpload, { input: { uploadId } })));
  expect(new Set(finished.map(({ finishVoiceUpload }) => finishVoiceUpload.note.id)).size).toBe(1);
  expect(nodesOf((await ada.ok(Notes, {})).notes)).toHaveLength(1);
});

test('more bytes than were announced are not written, also where nobody says how many come', async () => {
  const ada = await proUser();
  const { url } = await start(ada, 10);
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(Buffer.alloc(65_536)),
  });
  const code = await fetch(url, { method: 'PUT', headers: type, body: endless, duplex: 'half' } as RequestInit).then(
    codeOf,
    () => 'broken off',
  );
  expect(['400 VALIDATION_FAILED', 'broken off']).toContain(code);
  const { objectStore } = (await world.jobContext()).providers;
  expect(await objectStore.list('', 10)).toEqual([]);
  expect(await codeOf(await put(url, sound.subarray(0, 10), { ...type, 'content-range': 'bytes 0-9/20' }))).toBe(
    '400 VALIDATION_FAILED',
  );
  expect(await codeOf(await put(url, sound.subarray(0, 10)))).toBe(204);
});
