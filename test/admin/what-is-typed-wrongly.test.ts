import { expect, test } from '@jest/globals';
import { isReadOnly, readOnlyUrl } from '../../src/platform/database/read-only.js';
import { runAdmin } from '../support/admin.js';
import { harness, withClient } from '../support/harness.js';

const world = harness({ shared: 'nothing that is typed wrongly changes anything', worker: false });

const nobody = '0193f3a0-0000-7000-8000-000000000000';

test.each([
  ['an unknown command', ['dance'], 'There is no command "dance". `admin help` lists them.'],
  ['half a command', ['ledger'], 'There is no command "ledger". `admin help` lists them.'],
  ['an unknown option', ['holds', '--loud'], "holds: Unknown option '--loud'. `admin help holds` has them all."],
  ['an option without its value', ['holds', '--limit'], /^holds: Option '--limit <value>' argument missing\./],
  ['a word too many', ['holds', 'all'], 'holds: "all" is one word too many.'],
  ['a word too few', ['user'], 'user: USER is missing.'],
  ['an unknown id', ['user', nobody], `There is no user ${nobody}.`],
  ['an unknown address', ['user', 'nobody@example.com'], 'There is no user nobody@example.com.'],
  ['a number that is none', ['holds', '--limit', 'all'], 'holds: --limit must be a whole number from 1 to 1000.'],
  ['no credits', ['grant', nobody, '0', '--reason', 'x'], 'grant: CREDITS must not be 0.'],
  [
    'half a credit',
    ['grant', nobody, '1.5', '--reason', 'x'],
    /^grant: CREDITS must be a whole number from -1000000 to/,
  ],
  [
    'an unknown bucket',
    ['grant', nobody, '1', '--bucket', 'X', '--reason', 'x'],
    /^grant: --bucket must be one of DAILY, /,
  ],
  ['an unknown role', ['role', nobody, 'KING', '--reason', 'x'], 'role: ROLE must be USER or OPERATOR.'],
  ['a change without a reason', ['sign-out', nobody], 'sign-out: --reason is needed, since this changes something.'],
  ['an empty reason', ['sign-out', nobody, '--reason', ' '], 'sign-out: --reason must not be empty.'],
  [
    'a reason that is too long',
    ['sign-out', nobody, '--reason', 'x'.repeat(201)],
    'sign-out: --reason must have at most 200 characters.',
  ],
  ['an unknown state', ['jobs', 'list', '--state', 'X'], 'jobs list: --state must be one of WAITING, ACTIVE, FAILED.'],
  ['a job that is not there', ['jobs', 'retry', nobody, '--reason', 'x'], `There is no failed job of "${nobody}".`],
  [
    'an event that is none',
    ['events', 'retry', 'x', '--reason', 'x'],
    'events retry: EVENT must be the id of an event, or all.',
  ],
  [
    'an event that is not there',
    ['events', 'retry', nobody, '--reason', 'x'],
    `There is no failed or quarantined event of a payment ${nobody}.`,
  ],
  ['help on an unknown command', ['help', 'dance'], 'There is no command "dance". `admin help` lists them.'],
])('%s is said in one line, and ends with 2', async (_, args, said) => {
  const { code, out, err } = await runAdmin(world.config, args);
  const [line = '', ...rest] = err.split('\n');
  expect([code, out, rest]).toEqual([2, '', ['']]);
  if (typeof said === 'string') expect(line).toBe(said);
  else expect(line).toMatch(said);
});

test.each([
  ['help', ['help']],
  ['nothing', []],
  ['--help', ['--help']],
])('%s lists every command, without a configuration', async (_, args) => {
  const { code, out } = await runAdmin({}, args);
  expect([code, out]).toEqual([0, expect.stringMatching(/^Usage: admin COMMAND \[OPTIONS\]\n\n {2}user USER +Shows /)]);
});

test.each([
  ['help grant', ['help', 'grant']],
  ['grant --help', ['grant', '--help']],
])('%s has its words and options', async (_, args) => {
  const { code, out } = await runAdmin({}, args);
  expect([code, out]).toEqual([0, expect.stringMatching(/^Usage: admin grant USER CREDITS \[OPTIONS\]\n/)]);
  for (const option of ['--bucket BUCKET', '--key KEY', '--reason TEXT', '--operator NAME', '--json'])
    expect(out).toContain(`  ${option} `);
});

test('help on the first word of several commands has all of them', async () => {
  for (const args of [
    ['help', 'jobs'],
    ['jobs', '--help'],
  ]) {
    const { out } = await runAdmin({}, args);
    expect(out.match(/^Usage: admin jobs \w+/gm)).toEqual(['Usage: admin jobs list', 'Usage: admin jobs retry']);
  }
});

test('what only reads takes no reason', async () => {
  const { code, err } = await runAdmin(world.config, ['holds', '--reason', 'x']);
  expect([code, err]).toEqual([2, expect.stringContaining("Unknown option '--reason'")]);
});

test('a configuration that cannot be used, and a database that is away, are said in words', async () => {
  expect(await runAdmin({}, ['holds'])).toEqual({
    ...{ code: 1, out: '', err: expect.stringMatching(/^DATABASE_URL: must be set, such as /) },
  });
  const url = Object.assign(new URL(world.config.DATABASE_URL), { port: '1', password: 'top-secret' }).href;
  const { code, out, err } = await runAdmin(world.config, ['holds'], { DATABASE_URL: url, DIRECT_URL: url });
  expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^DATABASE_URL: there is no connection/)]);
  expect(err).not.toContain('top-secret');
});

test('connections that are asked to refuse writes do so, beside other options, and others are told apart', async () => {
  const url = `${world.config.DIRECT_URL}?options=-c%20statement_timeout%3D5s`;
  for (const [address, isOn] of [[readOnlyUrl(url), true] as const, [url, false] as const])
    await withClient(address, async (client) => {
      expect(await isReadOnly(async (text) => (await client.query(text)).rows)).toBe(isOn);
      expect((await client.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '5s' }]);
    });
});
