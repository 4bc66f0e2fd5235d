import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const run = promisify(execFile);

test('the rooms keep to their rules', async () => {
  const rooms = ['src', 'entities', 'resolvers', 'jobs', 'infra', 'test', 'generated'];
  const cruiser = ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs'];
  // It ends with the number of its faults; each names the two files and the rule of .dependency-cruiser.cjs.
  const { stdout } = await run(process.execPath, [...cruiser, ...rooms]).catch((error: { stdout: string }) => error);
  expect(stdout).toContain('no dependency violations found');
});
