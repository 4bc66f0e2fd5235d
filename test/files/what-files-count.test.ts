import { expect, test } from '@jest/globals';
import { FileScan } from '../../entities/files/file.js';
import { scanFile } from '../../src/files/index.js';
import type { Context } from '../../src/kernel/context.js';
import { eventually, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { makePro } from '../support/pro.js';
import { record, wav } from '../support/recordings.js';

const world = harness({ worker: false });
const sound = wav(1);
const attempt = { isLast: true };

const metricsOf = (ctx: Context) => ctx.services.metrics.registry.metrics();

test('what comes and goes is counted by its purpose, and how full an account is when a file is finished', async () => {
  const ada = await world.user();
  await makePro(ada, world);
  const { voice } = await record(ada, sound);
  await (await fetch(voice?.url ?? '')).arrayBuffer();
  const labels = (direction: string) => `purpose="voice-recording",direction="${direction}"`;
  const seen = await eventually(
    () => scrape(world.url),
    (metrics) => (metrics.get(`file_bytes_total{${labels('out')}}`) ?? 0) > 0,
  );
  expect(seen.get(`file_bytes_total{${labels('in')}}`)).toBe(sound.length);
  expect(seen.get(`file_bytes_total{${labels('out')}}`)).toBe(sound.length);
  expect(seen.get('file_storage_share_ratio_bucket{le="0.1"}')).toBe(1);
});

test('a file waits for its scanner, and one that is infected is gone', async () => {
  const ada = await world.user();
  await makePro(ada, world);
  const own = await world.jobContext();
  let outcome: 'CLEAN' | 'INFECTED' = 'CLEAN';
  const scanned: number[] = [];
  const scan = async (content: AsyncIterable<Buffer>) => {
    let bytes = 0;
    for await (const chunk of content) bytes += chunk.length;
    scanned.push(bytes);
    return outcome;
  };
  const ctx = { ...own, providers: { ...own.providers, fileScanner: { scan } } };
  const awaiting = async () => {
    const { voice } = await record(ada, sound);
    const url = voice?.url ?? '';
    const fileId = /files\/([^?]+)/.exec(url)?.[1] ?? '';
    await world.sql('update files.file set scan = $2 where id = $1', [fileId, FileScan.PENDING]);
    expect((await fetch(url)).status).toBe(409);
    return { url, fileId };
  };
  const clean = await awaiting();
  await scanFile(ctx, { fileId: clean.fileId }, attempt);
  await scanFile(ctx, { fileId: clean.fileId }, attempt);
  expect((await fetch(clean.url)).status).toBe(200);
  outcome = 'INFECTED';
  const infected = await awaiting();
  await scanFile(ctx, { fileId: infected.fileId }, attempt);
  expect((await fetch(infected.url)).status).toBe(404);
  expect(scanned).toEqual([sound.length, sound.length, sound.length]);
  const metrics = await metricsOf(ctx);
  for (const each of ['CLEAN', 'INFECTED']) expect(metrics).toContain(`file_scans_total{outcome="${each}"} 1\n`);
});
