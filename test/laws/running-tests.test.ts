import { expect, test } from '@jest/globals';
import { Tasks } from '../../generated/documents.js';
import { jestArguments } from '../../infra/jest-arguments.js';
import { AppError } from '../../src/errors.js';
import { harness } from '../support/harness.js';

const world = harness({ worker: false });

test.each([[[]], [['--ci', '--json', '--outputFile=report.json']], [['--seed', '12', '--maxWorkers', '1']]])(
  'the whole suite is measured: %j',
  async (given) => {
    expect(await jestArguments(given)).toEqual([...given, '--coverage']);
  },
);

test.each([
  [['test/tasks/focus.test.ts'], ['test/tasks/focus.test.js']],
  [['./test/clients/apps-in-a-browser.test.tsx'], ['test/clients/apps-in-a-browser.test.js']],
  [[`${process.cwd()}/test/tasks/focus.test.ts`], ['test/tasks/focus.test.js']],
  [
    ['focus.test.ts', '--seed', '12'],
    ['focus.test.js', '--seed', '12'],
  ],
  [['focus'], ['focus']],
  [['test/tasks'], ['test/tasks']],
  [
    ['-t', 'a file.ts'],
    ['-t', 'a file.ts'],
  ],
  [['--watchAll'], ['--watchAll']],
])('some tests are not: %j', async (given, expected) => {
  expect(await jestArguments(given)).toEqual(expected);
});

test('a test that meets a fault of ours says what the log says of that request', async () => {
  const own = await world.fresh();
  const ada = await own.user();
  await own.sql('alter table tasks.task rename to gone');
  const told = await ada.ok(Tasks, {}).then(String, (error: unknown) => String(error));
  expect(told).toMatch(/INTERNAL at tasks: .*\n.*relation "tasks.task" does not exist/);
  // Its stack leads to the source, and the client has seen none of it.
  expect(told).toMatch(/src\/[a-z/-]+\.ts:\d+/);
  expect((await ada.send(Tasks)).text).not.toMatch(/\.[jt]s:\d|relation/);
  await expect(ada.refused(Tasks, {}, 'CONFLICT')).rejects.toThrow(/relation "tasks.task" does not exist/);
});

test('stacks name the lines of the source', () => {
  expect(new AppError('CONFLICT', 'x').stack).toMatch(/test\/laws\/running-tests\.test\.ts:4\d:/);
});
