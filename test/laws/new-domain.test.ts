import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { NameError, namesOf } from '../../infra/new-domain/names.js';
import { everything, inCopy } from '../support/repository-copy.js';

const run = promisify(execFile);

/** The laws that a domain can break, and its own tests. */
const concerned = [
  ...['column-lists', 'contract', 'database-docs', 'declared-errors', 'descriptions', 'event-types', 'migrations'],
  ...['refused-ids', 'unguarded-operations', 'walls', 'whole-surface'],
].map((law) => `laws/${law}`);

/** `dist` spares the copy from compiling what has not changed. */
const parts = [
  ...everything,
  ...['.dependency-cruiser.cjs', '.gitignore', 'biome.json', 'tsconfig.clients.json', 'dist'],
  ...['docs', 'README.md', 'CONTRIBUTING.md', '.env.example'],
];

/** Of this process: it is in the middle of a run of tests itself. */
const { PATH, HOME } = process.env;

test('a new domain compiles, keeps to the rooms, has nothing unused, and passes the laws and its own tests', async () => {
  await inCopy(async (root) => {
    const npm = (...args: string[]) => run('npm', args, { cwd: root, env: { PATH, HOME } });
    await npm('run', 'new', '--', 'domain', 'habits');
    await npm('run', 'rooms');
    await npm('exec', '--', 'knip', '--no-config-hints');
    const { stderr } = await npm('test', '--', '--maxWorkers=2', 'test/habits', ...concerned);
    expect(stderr).toMatch(/^PASS dist\/test\/habits\/writing-habits\.test\.js/m);
  }, parts);
}, 300_000);

test.each([
  [[], /"" is no name/],
  [['Habits'], /"Habits" is no name/],
  [['daily-habits'], /"daily-habits" is no name/],
  [['habits', '../habit'], /is no name/],
  [['users', 'user'], /user is a word of SQL/],
  [['h'.repeat(40)], /is too long/],
  [['tasks'], /tasks is taken already/],
  [['kernel', 'nut'], /kernel is taken already/],
  [['upkeep', 'thing'], /upkeep is taken already/],
  [['happenings', 'event'], /event is taken already/],
  [['pages', 'note'], /The contract has pages of another shape already/],
  [['sleep'], /Say what one thing in sleep is called/],
])('a domain cannot be called %j', (words, why) => {
  expect(() => namesOf('.', ...words)).toThrow(NameError);
  expect(() => namesOf('.', ...words)).toThrow(why);
});

test('one thing of a domain is called as its plural says, or as somebody says', () => {
  expect(namesOf('.', 'habits')).toEqual({ domain: 'habits', thing: 'habit', type: 'Habit', types: 'Habits' });
  expect(namesOf('.', 'diaries').thing).toBe('diary');
  expect(namesOf('.', 'sleep', 'night').thing).toBe('night');
});
