import { expect, test } from '@jest/globals';
import { Tasks } from '../../generated/documents.js';
import { jestArguments } from '../../infra/jest-arguments.js';
import { groupsOf } from '../../infra/test-groups.js';
import { AppError } from '../../src/kernel/errors.js';
import { createLog } from '../../src/platform/log.js';
import { harness } from '../support/harness.js';
import { LoggedErrors } from '../support/logged-errors.js';

const world = harness({ worker: false });

test.each([[[]], [['--ci', '--json', '--outputFile=report.json']], [['--seed', '12', '--maxWorkers', '1']]])(
  'the whole suite goes by groups and is measured: %j',
  async (given) => {
    expect(await jestArguments(given, () => 'groups/*')).toEqual([...given, '--coverage', '--testMatch', 'groups/*']);
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
  expect(await jestArguments(given, () => 'groups/*')).toEqual(expected);
});

test('a test that meets a fault of ours says what the log says of that request', async () => {
  world.expectErrors(/relation \\"tasks.task\\" does not exist/);
  const ada = await world.user();
  await world.sql('alter table tasks.task rename to gone');
  const told = await ada.ok(Tasks, {}).then(String, (error: unknown) => String(error));
  expect(told).toMatch(/INTERNAL at tasks: .*\n.*relation "tasks.task" does not exist/);
  // Its stack leads to the source, and the client has seen none of it.
  expect(told).toMatch(/src\/[a-z/-]+\.ts:\d+/);
  expect((await ada.send(Tasks)).text).not.toMatch(/\.[jt]s:\d|relation/);
  await expect(ada.refused(Tasks, {}, 'CONFLICT')).rejects.toThrow(/relation "tasks.task" does not exist/);
});

test('a test fails whose apps log an error that it did not say it expects', () => {
  const errors = new LoggedErrors();
  const told: string[] = [];
  const log = createLog('warn', {
    write: (line: string) => {
      told.push(line);
      errors.add(line);
    },
  });
  log.warn({}, 'a warning');
  errors.check();
  log.error({ error: new Error('fails on purpose') }, 'it failed');
  log.fatal({}, 'it ends');
  errors.expect(/fails on purpose/);
  expect(() => errors.check()).toThrow(/not expected.*\n.*it ends/);
  expect(told).toHaveLength(3);
  // Each test begins anew, and what one expects the next does not.
  errors.check();
  log.error({ error: new Error('fails on purpose') }, 'it failed');
  expect(() => errors.check()).toThrow(/fails on purpose/);
});

test('stacks name the lines of the source', () => {
  expect(new AppError('CONFLICT', 'x').stack).toMatch(/test\/laws\/running-tests\.test\.ts:7\d:/);
});

test('every file is in one group, in chunks of its folder or with other small ones, and what takes longest is begun first', () => {
  const files = [
    ...Array.from({ length: 49 }, (_, index) => `tasks/${String(index).padStart(2, '0')}`),
    'auth/one',
    'billing/one',
    'tasks/simulated-year',
  ];
  const groups = groupsOf(files);
  expect(groups.map(({ name, files: { length } }) => [name, length])).toEqual([
    ['simulated-year', 1],
    ['tasks', 17],
    ['tasks', 17],
    ['tasks', 15],
    ['others', 2],
  ]);
  expect(groups.flatMap((group) => group.files).toSorted()).toEqual(files.toSorted());
});
