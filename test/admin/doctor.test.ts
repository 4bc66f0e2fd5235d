import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { newVapidKeys } from '../../infra/vapid-keys.js';
import { runAdmin, spawnAdmin } from '../support/admin.js';
import { Cable } from '../support/cable.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

interface Finding {
  readonly check: string;
  readonly state: string;
  readonly says: string;
  readonly advice: string | null;
}

/** What doctor finds with these variables changed. */
async function examined(own: Readonly<Record<string, string>> = {}) {
  const { code, out } = await runAdmin(world.config, ['doctor', '--json'], own);
  const { sound, findings }: { sound: boolean; findings: Finding[] } = JSON.parse(out);
  expect(code).toBe(sound ? 0 : 1);
  return { sound, findings, bad: findings.filter(({ state }) => state === 'WRONG' || state === 'WARNING') };
}

const another = (change: (url: URL) => void) => {
  const url = new URL(world.config.DATABASE_URL);
  change(url);
  return url.href;
};

test('where nothing is wrong, doctor says so of each thing', async () => {
  await world.runJobs('activity.keep-event-partitions');
  const { sound, findings } = await examined();
  expect(findings.filter(({ state }) => state !== 'OK')).toEqual([]);
  expect([sound, findings.map(({ check }) => check)]).toEqual([
    true,
    [
      ...['configuration', 'database', 'migrations', 'settings', 'grants', 'partitions', 'clock', 'line', 'queue'],
      ...['files', 'google', 'language model', 'speech', 'payments', 'push'],
    ],
  ]);
  const { code, out } = await runAdmin(world.config, ['doctor']);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^OK {7}configuration: What is set can be used\.\nOK {7}database: /),
  ]);
  expect(out).not.toContain('->');
});

test('a database that is away is said with what to do, and the providers are asked all the same', async () => {
  const url = another((own) => Object.assign(own, { port: '1', password: 'top-secret' }));
  const { sound, findings, bad } = await examined({ DATABASE_URL: url, DIRECT_URL: url, MIGRATE_URL: url });
  expect([sound, bad.map(({ check }) => check)]).toEqual([false, ['database', 'database', 'database']]);
  expect(bad[0]).toMatchObject({ says: expect.stringMatching(/^DATABASE_URL: there is no connection/) });
  expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['google', 'speech', 'files']));
  expect(JSON.stringify(findings)).not.toContain('top-secret');
});

test('a configuration that cannot be used is said, each fault, and what is sound is looked at', async () => {
  const { bad, findings } = await examined({
    ...{ PORT: 'eighty', DATABASE_URL: 'mysql://me:top-secret@db', DIRECT_URL: '', MIGRATE_URL: '' },
    VAPID_PUBLIC_KEY: newVapidKeys().VAPID_PUBLIC_KEY,
  });
  expect(bad.filter(({ check }) => check === 'configuration').map(({ says }) => says.split(':')[0])).toEqual([
    ...['PORT', 'DATABASE_URL', 'VAPID_PUBLIC_KEY'],
  ]);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'database', state: 'SKIPPED' }));
  expect(findings).toContainEqual(expect.objectContaining({ check: 'language model', state: 'OK' }));
  expect(JSON.stringify(findings)).not.toContain('top-secret');
});

test('migrations that are missing or of another release, and settings that are not set, are named', async () => {
  await world.sql("delete from public.schema_migration where name ~ '^0021'");
  await world.sql("insert into public.schema_migration (name) values ('0999_of-the-future')");
  await world.sql(
    "alter database :name set timezone = 'Europe/Berlin'".replace(
      ':name',
      new URL(world.config.DATABASE_URL).pathname.slice(1),
    ),
  );
  const { bad } = await examined();
  expect(bad).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        check: 'migrations',
        state: 'WRONG',
        says: expect.stringContaining('0021_suggestions'),
      }),
      expect.objectContaining({ check: 'migrations', state: 'WARNING', says: expect.stringContaining('0999_of-the') }),
      expect.objectContaining({ check: 'settings', state: 'WRONG', says: 'timezone is Europe/Berlin.' }),
    ]),
  );
});

test('an empty database lacks all, and doctor says of each thing that it could not be looked at', async () => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await world.sql(`create database ${name}`);
  const url = another((own) => Object.assign(own, { pathname: `/${name}` }));
  const { sound, bad } = await examined({ DATABASE_URL: url, DIRECT_URL: url, MIGRATE_URL: url });
  expect([sound, bad.map(({ check }) => check)]).toEqual([
    false,
    expect.arrayContaining(['migrations', 'grants', 'partitions', 'queue']),
  ]);
  await world.sql(`drop database ${name} with (force)`);
});

test('a role that lacks a grant is said with what it lacks', async () => {
  await world.sql('revoke insert on tasks.task from test_app');
  const { bad } = await examined();
  expect(bad).toContainEqual(
    expect.objectContaining({ check: 'grants', state: 'WRONG', says: 'The role may not use tasks.task.' }),
  );
});

test('partitions that nobody has made, jobs that nobody takes and jobs that failed are warned of', async () => {
  await world.sql(
    `insert into pgboss.job (name, data, state, start_after, created_on, completed_on)
     select name, '{}', state::pgboss.job_state, now() - interval '1 hour', now() - interval '1 hour', ended
     from (values ('notifications.push', 'created', null), ('files.scan', 'failed', now())) as job (name, state, ended)`,
  );
  const { bad } = await examined();
  expect(bad.map(({ check, state, says }) => [check, state, says])).toEqual([
    ['partitions', 'WARNING', expect.stringMatching(/^The log has none for \d{4}-/)],
    ['queue', 'WRONG', expect.stringMatching(/^notifications\.push: 1 job due, the oldest for 36\d\d s\.$/)],
    ['queue', 'WARNING', 'files.scan: 1 job failed for good.'],
  ]);
});

test('time that was moved is warned of', async () => {
  await world.sql('insert into platform.clock_shift (id, ahead_ms) values (1, 86400000)');
  const { bad } = await examined();
  expect(bad).toContainEqual(expect.objectContaining({ check: 'clock', says: 'Time was moved ahead by 86400 s.' }));
});

test('a provider that refuses our key, one that is away and a folder that is none are wrong, and no key is shown', async () => {
  const { bad } = await examined({
    ...{
      OPENAI_BASE_URL: `${world.google.url}/v1`,
      DEEPGRAM_BASE_URL: 'http://127.0.0.1:1',
      FILES_FOLDER: '/dev/null/x',
    },
    ...{ OPENAI_API_KEY: 'top-secret', DEEPGRAM_API_KEY: 'top-secret', CHECKOUT_SECRET_KEY: 'top-secret' },
  });
  const found = Object.fromEntries(bad.map(({ check, ...finding }) => [check, finding]));
  expect(found).toMatchObject({
    'language model': { state: 'WARNING', says: expect.stringContaining('answers 404') },
    speech: { state: 'WRONG', says: expect.stringMatching(/^127\.0\.0\.1:1 cannot be reached: /) },
    payments: { state: 'WRONG', says: expect.stringContaining('refuses us with 401') },
    files: { state: 'WRONG', says: expect.stringContaining('could not be stored') },
  });
  expect(JSON.stringify(bad)).not.toContain('top-secret');
});

test('what is not set here is skipped, not wrong', async () => {
  const none = [
    ...['OPENAI_API_KEY', 'DEEPGRAM_API_KEY', 'CHECKOUT_SECRET_KEY', 'GOOGLE_CLIENT_ID'],
    ...['VAPID_PUBLIC_KEY', 'FILES_FOLDER'],
  ];
  const { findings } = await examined(Object.fromEntries(none.map((name) => [name, ''])));
  const skipped = findings.filter(({ state }) => state === 'SKIPPED').map(({ check }) => check);
  expect(skipped).toEqual(['files', 'google', 'language model', 'speech', 'payments', 'push']);
});

test('a clock that is wrong is said, and by how much', async () => {
  const { code, out } = await spawnAdmin(world.config, ['doctor'], '', -60_000);
  expect([code, out]).toEqual([
    1,
    expect.stringMatching(/^WRONG {4}clock: This machine's clock is (59|60)\d{3} ms behind the/m),
  ]);
  expect(out).toContain('\n         -> Let both machines take their time from the network');
});

test('a line on which nothing is heard is wrong, while the database answers', async () => {
  const cable = new Cable(world.config.DIRECT_URL);
  const url = await cable.lay();
  cable.losesAnswerTo = ['notify doctor_'];
  const { bad } = await examined({ DIRECT_URL: url });
  await cable.remove();
  expect(bad).toContainEqual(
    expect.objectContaining({ check: 'line', state: 'WRONG', says: expect.stringContaining('was not heard') }),
  );
});
