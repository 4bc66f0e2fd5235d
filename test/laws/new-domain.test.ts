import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { edited, editsOf } from '../../infra/new-domain/edits.js';
import { type DomainNames, NameError, namesOf, requireFree } from '../../infra/new-domain/names.js';
import { type Place, placeIn, placeOf } from '../../infra/new-domain/place.js';
import { everything, inCopy } from '../support/repository-copy.js';

const run = promisify(execFile);

/** The laws that a domain can break, and its own tests. */
const concerned = [
  ...[
    'account-data',
    'column-lists',
    'contract',
    'database-docs',
    'declared-errors',
    'descriptions',
    'event-types',
    'migrations',
  ],
  ...['refused-ids', 'rooms', 'unguarded-operations', 'walls', 'whole-surface'],
].map((law) => `laws/${law}`);

/** `dist` spares the copy from compiling what has not changed. */
const parts = [
  ...everything,
  ...['.dependency-cruiser.cjs', '.gitignore', 'biome.json', 'tsconfig.clients.json', 'dist'],
  ...['docs', 'README.md', 'CONTRIBUTING.md', '.env.example'],
];

/** Fit, and taken by nobody. */
function freeNames(): DomainNames {
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    const names = namesOf(`plant${letter}s`);
    try {
      requireFree('.', names);
      return names;
    } catch (error) {
      if (!(error instanceof NameError)) throw error;
    }
  }
  throw new Error('Nothing is free.');
}

/** Of this process: it is in the middle of a run of tests itself. */
const { PATH, HOME } = process.env;

/** What a command has written says what is wrong, not that it failed. What is wrong without a new domain shows here, too. */
function explain({ message, stdout, stderr }: Error & { readonly stdout: string; readonly stderr: string }): never {
  const advice = 'Where other laws fail without a new domain as well, mend those first: this is their echo.';
  throw new Error(`${advice}\n${message}\n${stdout}\n${stderr}`);
}

test('a new domain compiles, keeps to the rooms, has nothing unused, and passes the laws and its own tests', async () => {
  const { domain } = freeNames();
  await inCopy(async (root) => {
    const npm = (...args: string[]) => run('npm', args, { cwd: root, env: { PATH, HOME } }).catch(explain);
    await npm('run', 'new', '--', 'domain', domain);
    await npm('exec', '--', 'knip', '--no-config-hints');
    const { stderr } = await npm('test', '--', '--maxWorkers=2', `test/${domain}`, ...concerned);
    expect(stderr).toMatch(new RegExp(`^PASS dist/test/${domain}/writing-${domain}\\.test\\.js`, 'm'));
  }, parts);
}, 900_000);

test.each([
  [[], /"" is no name/],
  [['Habits'], /"Habits" is no name/],
  [['daily-habits'], /"daily-habits" is no name/],
  [['habits', '../habit'], /is no name/],
  [['users', 'user'], /user is a word of SQL/],
  [['h'.repeat(40)], /is too long/],
  [['sleep'], /Say what one thing in sleep is called/],
  [['tasks'], /tasks is taken already/],
  [['kernel', 'nut'], /kernel is taken already/],
  [['upkeep', 'thing'], /upkeep is taken already/],
  [['happenings', 'event'], /event is taken already/],
  [['bounds', 'limits'], /The contract has "type Limits" of another shape already: .*rename and reshape/],
])('a domain cannot be called %j', (words, why) => {
  const name = () => requireFree('.', namesOf(...words));
  expect(name).toThrow(NameError);
  expect(name).toThrow(why);
});

test('one thing of a domain is called as its plural says, or as somebody says', () => {
  expect(namesOf('habits')).toEqual({ domain: 'habits', thing: 'habit', type: 'Habit', types: 'Habits' });
  expect(namesOf('diaries').thing).toBe('diary');
  expect(namesOf('sleep', 'night').thing).toBe('night');
});

test('a domain that is planned goes to its place in the order, another behind all others but the last', () => {
  const [order, existing] = [
    ['accounts', 'first', 'second', 'tasks', 'third'],
    ['accounts', 'tasks'],
  ];
  expect(placeIn(order, existing, 'first')).toEqual({ isPlanned: true, next: 'tasks' });
  expect(placeIn(order, existing, 'third')).toEqual({ isPlanned: true, next: null });
  expect(placeIn(order, existing, 'other')).toEqual({ isPlanned: false, next: null });
  expect(placeOf('.', 'tasks')).toMatchObject({ isPlanned: true, next: expect.any(String) });

  const names = freeNames();
  const readme = readFileSync('README.md', 'utf8');
  const treeWith = (place: Place) => {
    const edits = editsOf(names, place);
    const [, tree = ''] = /^ {2}(accounts activity [a-z ]+)\/ /m.exec(edited(readme, of('README.md', edits))) ?? [];
    return { tree, changesOrder: of('.dependency-cruiser.cjs', edits).length > 0 };
  };
  const of = (file: string, edits: ReturnType<typeof editsOf>) => edits.filter((edit) => edit.file === file);
  const planned = treeWith({ isPlanned: true, next: 'tasks' });
  expect(planned).toEqual({ tree: expect.stringContaining(` ${names.domain} tasks `), changesOrder: false });
  expect(placeOf('.', names.domain)).toEqual({ isPlanned: false, next: 'privacy' });
  const last = treeWith({ isPlanned: false, next: 'privacy' });
  expect(last).toEqual({ tree: expect.stringMatching(new RegExp(` ${names.domain} privacy$`)), changesOrder: true });
});
