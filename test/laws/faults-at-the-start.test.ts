import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { toEnv } from '../../src/config.js';
import { Cable } from '../support/cable.js';
import { asProduction } from '../support/config.js';
import { harness } from '../support/harness.js';

const world = harness({ shared: 'its apps do not start, so nothing changes', worker: false });

/** Starts roles with these variables changed, which must fail, and answers how. */
function failureOf(
  roles: readonly string[],
  own: (url: string) => Record<string, string>,
  config = world.config,
  flags: readonly string[] = [],
) {
  const env = { ...toEnv(config), LOG_LEVEL: 'warn', ...own(world.config.DATABASE_URL) };
  return new Promise<{ code: unknown; said: string }>((resolve) => {
    execFile(process.execPath, [...flags, 'dist/src/main.js', ...roles], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code, said: stdout + stderr }),
    );
  });
}

const changed = (url: string, change: (url: URL) => void) => {
  const own = new URL(url);
  own.password = 'top-secret';
  change(own);
  return own.href;
};
const away = (url: string) => changed(url, (own) => Object.assign(own, { port: '1' }));
const missing = (url: string) => changed(url, (own) => Object.assign(own, { pathname: '/not_there' }));
/** The server's own database, which nobody has migrated. */
const bare = (url: string) => Object.assign(new URL(url), { pathname: '/postgres' }).href;
const oneLine = (name: string) => ({ code: 1, said: expect.stringMatching(new RegExp(`^${name}: [^\\n]+\\n$`)) });

test.each([
  ['api', 'DATABASE_URL', 'is away', away],
  ['api', 'DIRECT_URL', 'is away', away],
  ['worker', 'DATABASE_URL', 'is missing', missing],
  ['worker', 'DIRECT_URL', 'is missing', missing],
  ['migrate', 'MIGRATE_URL', 'is away', away],
  ['migrate', 'MIGRATE_URL', 'is missing', missing],
  ['migrate', 'DIRECT_URL', 'is away', away],
  ['admin holds', 'DATABASE_URL', 'is away', away],
] as const)('%s says that the database of %s %s, in one line without its password', async (role, name, _, change) => {
  const failure = await failureOf(role.split(' '), (url) => ({ [name]: change(url) }));
  expect(failure).toEqual(oneLine(name));
  expect(failure.said).not.toContain('top-secret');
});

test.each(['api', 'worker'])('%s says in one line that the database has gone away while it started', async (role) => {
  const cable = new Cable(world.config.DATABASE_URL);
  cable.lasts = 1;
  const url = await cable.lay();
  const failure = await failureOf([role], () => ({ DATABASE_URL: url }));
  expect(failure).toEqual(oneLine('The database went away meanwhile'));
  await cable.remove();
});

test.each([
  ['nothing', []],
  ['admin as a role', ['api', 'admin']],
])('%s to run is answered with all that can be run', async (_, words) => {
  const failure = await failureOf(words, () => ({}));
  expect(failure).toEqual({ code: 1, said: expect.stringContaining('api, worker, migrate, or admin') });
});

test('a port that is taken is named', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await failureOf(['api'], () => ({ PORT: `${port}` }))).toEqual(oneLine('PORT'));
  server.close();
});

/** As Node 20 is, as far as it shows here: it lacks what came with 22. */
const olderNode = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); delete Promise.withResolvers;`;

test.each(['api', 'worker', 'migrate', 'admin'])('%s on an older Node says which is needed', async (role) => {
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(olderNode)}`];
  const words = 'Node 24 or later is needed, and this is Node 20.20.2.';
  expect(await failureOf([role], () => ({}), world.config, flags)).toEqual({ code: 1, said: `${words}\n` });
  const { code, said } = await failureOf([role], () => ({}), asProduction(world.config), flags);
  expect([code, JSON.parse(said)]).toEqual([1, expect.objectContaining({ level: 60, role, msg: words })]);
});

test.each([
  ['an address of another machine', { HOST: '192.0.2.1' }],
  ['a name that nobody has', { HOST: 'nobody.invalid' }],
])('%s to listen on is named', async (_, own) => {
  expect(await failureOf(['api'], () => own)).toEqual(oneLine('HOST'));
});

test('migrate with the address of a role that owns nothing names MIGRATE_URL', async () => {
  const failure = await failureOf(['migrate'], (url) => ({ MIGRATE_URL: url }));
  expect(failure).toEqual(oneLine('MIGRATE_URL'));
});

test('a role that the database lacks is named, before anything is migrated', async () => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await world.sql(`create database ${name}`);
  const own = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const failure = await failureOf(['migrate'], () => ({
    DATABASE_APP_ROLE: 'nosuch',
    DATABASE_URL: own(world.config.DATABASE_URL),
    DIRECT_URL: own(world.config.DIRECT_URL),
    MIGRATE_URL: own(world.config.MIGRATE_URL),
  }));
  expect(failure).toEqual(oneLine('DATABASE_APP_ROLE'));
  await world.sql(`drop database ${name}`);
});

test.each(['DATABASE_URL', 'DIRECT_URL'])('an address of %s whose role was granted nothing is named', async (name) => {
  const role = `nobody_${randomUUID().slice(0, 8)}`;
  await world.sql(`create role ${role} login password 'x'`);
  const own = (url: string) => Object.assign(new URL(url), { username: role, password: 'x' }).href;
  const failure = await failureOf(['api', 'worker'], (url) => ({ [name]: own(url) }));
  expect(failure).toEqual(oneLine(name));
  expect(failure.said).toContain('npm run migrate');
  await world.sql(`drop role ${role}`);
});

test('two addresses that lead to two databases are told apart', async () => {
  const failure = await failureOf(['api'], (url) => ({ DIRECT_URL: bare(url) }));
  expect(failure).toEqual({ code: 1, said: 'DIRECT_URL: must lead to the same database as DATABASE_URL\n' });
});

test.each([
  ['another JSON file', '{ "name": "perpetua-flow" }'],
  ['a text', 'one\ntwo'],
])('%s in place of the trusted documents is named', async (_, text) => {
  const file = join(tmpdir(), `documents-${process.pid}.json`);
  await writeFile(file, text);
  const own = { TRUSTED_DOCUMENTS: 'only', TRUSTED_DOCUMENTS_FILE: file };
  expect(await failureOf(['api'], () => own)).toEqual(oneLine('TRUSTED_DOCUMENTS_FILE'));
  expect(await failureOf(['api'], () => ({ ...own, TRUSTED_DOCUMENTS_FILE: tmpdir() }))).toEqual(
    oneLine('TRUSTED_DOCUMENTS_FILE'),
  );
});

test.each([
  ['a configuration that cannot be used', () => ({ PORT: 'none', HOST: '' }), /^PORT: /],
  ['a database that is away', (url: string) => ({ DATABASE_URL: away(url) }), /^DATABASE_URL: there is no connection/],
  [
    'a database that lacks migrations',
    (url: string) => ({ DATABASE_URL: bare(url), DIRECT_URL: bare(url) }),
    /^The database lacks .* migrations/,
  ],
])('in production %s is a line of the log, at level fatal', async (_, own, text) => {
  const { code, said } = await failureOf(['api'], own, asProduction(world.config));
  const [line = '', ...rest] = said.split('\n');
  expect([code, rest]).toEqual([1, ['']]);
  expect(JSON.parse(line)).toEqual({
    level: 60,
    time: expect.any(String),
    role: 'api',
    instance: expect.stringMatching(/:\d+$/),
    version: expect.stringMatching(/^\d/),
    msg: expect.stringMatching(text),
  });
});
