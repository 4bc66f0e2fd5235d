import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { AccountExport, AccountExports, Changes, ExportAccount, Me, Notifications } from '../../generated/documents.js';
import { dayMs } from '../../src/kernel/days.js';
import { buildExport, type ExportSink, exportInto } from '../../src/privacy/index.js';
import { unzip } from '../support/archive.js';
import { fillAccount } from '../support/full-account.js';
import { eventually, harness } from '../support/harness.js';
import { scrape } from '../support/metrics.js';
import { nodesOf } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { wav } from '../support/recordings.js';

const world = harness({ lastingTokens: true });
const word = 'zq7marker';

const ask = async (ada: Person) => (await ada.ok(ExportAccount, {})).exportAccount.export;
const read = async (ada: Person, id: string) => (await ada.ok(AccountExport, { id })).accountExport;

/** An export once it is made. */
async function made(ada: Person) {
  const { id } = await ask(ada);
  return eventually(
    () => read(ada, id),
    ({ state }) => state !== 'PENDING',
  );
}

async function download(url: string | null | undefined): Promise<Buffer> {
  const response = await fetch(url ?? '', { signal: AbortSignal.timeout(120_000) });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="perpetua-flow-account.zip"');
  return Buffer.from(await response.arrayBuffer());
}

test('an export is an archive of everything, which a notification and the changes tell of', async () => {
  const ada = await fillAccount(world, word);
  const asked = await ask(ada);
  expect(asked).toMatchObject({ state: 'PENDING', readyAt: null, url: null, bytes: null });
  const ready = await made(ada);
  expect(ready).toMatchObject({ id: asked.id, state: 'READY' });
  expect(Date.parse(ready.expiresAt) - Date.parse(ready.readyAt ?? '')).toBe(7 * dayMs);
  const archive = await download(ready.url);
  expect(archive.length).toBe(ready.bytes);
  const files = await unzip(archive);
  expect(files.get('README.txt')?.toString()).toContain('tasks.json');
  const rows = (name: string): unknown => JSON.parse(files.get(name)?.toString() ?? '');
  expect(rows('profile.json')).toEqual([{ ...(await profileOf(ada)), googleSubject: `sub-${word}`, role: 'USER' }]);
  expect(rows('tasks.json')).toEqual(expect.arrayContaining([expect.objectContaining({ title: `Task ${word}` })]));
  const recordings = [...files].filter(([path]) => path.startsWith('files/'));
  expect(recordings).toEqual([
    [expect.stringMatching(/^files\/voice-recording\/[\d-]{10} [\da-f-]{36}\.wav$/), expect.any(Buffer)],
  ]);
  expect(recordings[0]?.[1].length).toBe(wav(2).length);
  const titles = nodesOf((await ada.ok(Notifications, {})).notifications).map(({ title }) => title);
  expect(titles).toContain('Your data is ready');
  const changes = nodesOf((await ada.ok(Changes, { first: 100 })).changes).filter(
    ({ entityType }) => entityType === 'account_export',
  );
  expect(changes.map(({ type }) => type)).toEqual(['account_export.requested', 'account_export.ready']);
  expect(changes[1]?.entity).toMatchObject({ __typename: 'AccountExport', id: ready.id });
  expect((await scrape(world.url)).get('account_exports_total{outcome="READY"}')).toBe(1);
  await ada.leave();
});

async function profileOf(ada: Person): Promise<object> {
  const { id, email, name, avatarUrl, timeZone, preferences, createdAt } = (await ada.ok(Me, {})).me;
  return { id, email, name, avatarUrl, timeZone, preferences, createdAt };
}

test('there is one export at a time, three in 24 hours, and none of it takes room', async () => {
  const ada = await world.user();
  const ids = new Set<string>();
  for (let times = 0; times < 3; times += 1) ids.add((await made(ada)).id);
  expect(ids.size).toBe(3);
  const error = await ada.refused(ExportAccount, {}, 'LIMIT_REACHED');
  expect(error.extensions).toMatchObject({ resource: 'accountExports', limit: 3, current: 3 });
  const { retryAfter } = error.extensions ?? {};
  expect(retryAfter).toBeGreaterThan(86_000);
  expect(await world.sql('select from files.storage where bytes > 0')).toEqual([]);
  world.clock.advance(Number(retryAfter) * 1_000);
  const { id } = await ask(ada);
  expect((await ask(ada)).id).toBe(id);
  expect((await ada.ok(AccountExports, {})).accountExports.map((each) => each.id)).toEqual([id, ...[...ids].reverse()]);
});

test('an export is gone 7 days later, with its archive', async () => {
  const ada = await world.user();
  const { id, url } = await made(ada);
  await download(url);
  world.clock.advance(7 * dayMs);
  expect((await fetch(url ?? '')).status).toBe(403);
  await world.runJobs();
  await world.runJobs();
  await ada.refused(AccountExport, { id }, 'NOT_FOUND');
  expect(await world.sql('select from files.file')).toEqual([]);
});

test('an archive is downloaded by nobody else, and by nobody once its export is over', async () => {
  const ada = await world.user();
  const { id, url } = await made(ada);
  await world.sql(`update privacy.account_export set expires_at = now() - interval '1 day' where id = $1`, [id]);
  expect((await fetch(url ?? '')).status).toBe(404);
  const bob = await world.user('Bob');
  await bob.refused(AccountExport, { id }, 'FORBIDDEN');
});

test('an export that cannot be made is tried again, then given up, and one that nobody makes as well', async () => {
  const ada = await world.user();
  const bob = await world.user('Bob');
  for (const app of world.apps) await app.close();
  const ctx = await world.jobContext();
  const put = async () => {
    throw new Error('The store is away.');
  };
  const away = { ...ctx, providers: { ...ctx.providers, objectStore: { ...ctx.providers.objectStore, put } } };
  const insert = (person: Person) =>
    world.sql<{ accountId: string; exportId: string }>(
      `insert into privacy.account_export (account_id, id, requested_at, expires_at)
       values ($1, gen_random_uuid(), now(), now() + interval '1 day') returning account_id as "accountId", id as "exportId"`,
      [person.id],
    );
  const [job] = await insert(ada);
  if (!job) throw new Error('There is no export.');
  await expect(buildExport(away, job, { isLast: false })).rejects.toThrow('The store is away.');
  const stateOf = async (person: Person) =>
    (
      await world.sql<{ state: string }>('select state from privacy.account_export where account_id = $1', [person.id])
    )[0]?.state;
  expect(await stateOf(ada)).toBe('PENDING');
  world.expectErrors(/an export was given up/);
  await buildExport(away, job, { isLast: true });
  expect(await stateOf(ada)).toBe('FAILED');
  await buildExport(ctx, job, { isLast: true });
  expect(await stateOf(ada)).toBe('FAILED');
  await insert(bob);
  world.clock.advance(dayMs);
  await world.runJobs('privacy.expire-exports');
  expect(await stateOf(bob)).toBe('FAILED');
  expect(
    await world.sql(`select from notifications.notification where title like '%could not be copied'`),
  ).toHaveLength(2);
});

test('an operator writes an account into a folder of their own, page by page', async () => {
  const ada = await world.user();
  await world.sql(
    `insert into notes.note (account_id, id, content, created_at, updated_at)
     select $1, gen_random_uuid(), 'Note ' || n, now(), now() from generate_series(1, 450) n`,
    [ada.id],
  );
  const files = new Map<string, string>();
  const sink: ExportSink = {
    add: async (path, content) => void files.set(path, (await buffer(content.pipe(new PassThrough()))).toString()),
  };
  await exportInto(await world.jobContext(), ada.id, sink);
  const notes: { readonly content: string }[] = JSON.parse(files.get('notes.json') ?? '');
  expect(new Set(notes.map(({ content }) => content)).size).toBe(450);
  expect(files.get('conversations.json')).toBe('[]\n');
  const nobody = exportInto(await world.jobContext(), '0196f000-0000-7000-8000-000000000000', sink);
  await expect(nobody).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});
