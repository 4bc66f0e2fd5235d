import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BenchUser } from './accounts.js';
import { residentGrowth } from './memory.js';
import { atMost, type Figure } from './report.js';
import { cpuMeter, figuresOf, takeTurns } from './turns.js';
import { filesFolder, type World } from './world.js';

const atOnce = 4;
const megabytes = 100;
/**
 * Four files of 100 MB at once through a server to its folder: the product at signed addresses, against a bare server
 * that pipes each body through its hash into a file, and brings that to the disk. Memory is looked at once one file has
 * come: a process that has just started grows by some 70 MB whoever wrote it, the bare server as well, since Node lets
 * that much garbage lie before it collects it.
 */
export async function benchUpload(world: World): Promise<Figure[]> {
  const server = await world.alone('uploads');
  const users = await world.users(atOnce);
  const send = (addresses: readonly string[]) => Promise.all(addresses.map(put));
  const toProduct = () => Promise.all(users.map((user) => newUpload(world, server.url, user)));
  const toLimit = async () => users.map(() => `${world.limitUrl}/upload`);
  await send((await toProduct()).slice(0, 1));
  const growth = await residentGrowth(server.pid, async () => send(await toProduct()));
  const run = (pid: number, newAddresses: () => Promise<string[]>) => async () => {
    await rm(filesFolder, { recursive: true, force: true });
    const addresses = await newAddresses();
    const cpu = await cpuMeter(world, pid);
    const startedAt = performance.now();
    await send(addresses);
    const seconds = (performance.now() - startedAt) / 1_000;
    const sent = atOnce * megabytes;
    return { perSecond: sent / seconds, ...(await cpu.ofOne(sent)) };
  };
  const outcomes = await takeTurns(run(server.pid, toProduct), [
    { name: 'hash and file', run: run(world.limitPid, toLimit), bar: 0.7 },
  ]);
  await rm(filesFolder, { recursive: true, force: true });
  server.kill();
  return [
    ...figuresOf('upload', outcomes, 'MB/s'),
    atMost('upload', `memory for ${atOnce} of ${megabytes} MB`, growth, 'MB', 60),
  ];
}

/** A file that awaits its bytes, made behind the app's back; answers where they go. */
async function newUpload(world: World, url: string, { id: accountId }: BenchUser): Promise<string> {
  const id = randomUUID();
  await world.pool.query(
    `insert into files.file (account_id, id, purpose, content_type, bytes, is_size_declared, object_key, created_at, unfinished_until)
     values ($1, $2, 'bulk', 'application/octet-stream', $3, false, $4, now(), now() + interval '1 hour')`,
    [accountId, id, megabytes * 1_000_000, `bulk/${id}`],
  );
  return world.signedAddress(url, `/api/v1/uploads/${id}`, accountId);
}

const megabyte = Buffer.alloc(1_000_000, 'perpetua');

async function put(address: string): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': megabytes * megabyte.length };
  const request = httpRequest(address, { method: 'PUT', headers, agent: false });
  const answered = new Promise<number>((resolve) => {
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
  await pipeline(Readable.from(Array.from({ length: megabytes }, () => megabyte)), request);
  const status = await answered;
  if (status >= 300) throw new Error(`An upload answered ${status}.`);
}
