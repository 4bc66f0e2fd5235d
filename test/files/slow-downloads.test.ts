import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { eventually, harness } from '../support/harness.js';
import { makePro } from '../support/pro.js';
import { record, wav } from '../support/recordings.js';

const world = harness({ worker: false });

const begun: ClientRequest[] = [];

afterEach(() => {
  for (const request of begun.splice(0)) request.destroy();
});

/** 100 s of silence in 38 MB: more than the system keeps for a reader who does not read. */
function studioRecording(): Buffer {
  const bytesOfSecond = 384_000;
  const sound = Buffer.concat([wav(0), Buffer.alloc(100 * bytesOfSecond)]);
  sound.writeUInt32LE(sound.length - 8, 4);
  sound.writeUInt16LE(2, 22);
  sound.writeUInt32LE(96_000, 24);
  sound.writeUInt32LE(bytesOfSecond, 28);
  sound.writeUInt16LE(4, 32);
  sound.writeUInt16LE(16, 34);
  sound.writeUInt32LE(sound.length - 44, 40);
  return sound;
}

/** A download of which nothing is read. */
function begin(url: string): Promise<{ request: ClientRequest; answer: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (answer) => resolve({ request, answer }));
    request.once('error', reject);
    begun.push(request);
  });
}

test('one person downloads a few files at once: whoever reads slowly is in the way of nobody else', async () => {
  const ada = await world.user();
  await makePro(ada, world, 1_000);
  const { voice } = await record(ada, studioRecording());
  const url = voice?.url ?? '';
  const slow = await Promise.all(Array.from({ length: 8 }, () => begin(url)));
  expect(slow.map(({ answer }) => answer.statusCode)).toEqual(Array(8).fill(200));
  const refused = await fetch(url);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  await refused.text();
  const bob = await world.user('Bob');
  await makePro(bob, world);
  const { voice: his } = await record(bob, wav(1));
  const other = await fetch(his?.url ?? '');
  expect((await other.arrayBuffer()).byteLength).toBeGreaterThan(0);
  const closed = slow.map(({ answer }) => once(answer.socket, 'close'));
  for (const { request } of slow) request.destroy();
  await Promise.all(closed);
  const status = await eventually(
    async () => {
      const response = await fetch(url);
      await response.arrayBuffer();
      return response.status;
    },
    (each) => each === 200,
  );
  expect(status).toBe(200);
});
