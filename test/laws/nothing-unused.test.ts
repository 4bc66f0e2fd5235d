import { execFile } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { inCopy } from '../support/repository-copy.js';

const run = promisify(execFile);

/** What knip finds in a folder: a line for each unused file, export, type, enum member or dependency. */
async function unusedIn(cwd: string): Promise<string[]> {
  const knip = [resolve('node_modules/knip/bin/knip.js'), '--reporter', 'compact', '--no-exit-code', '--no-progress'];
  const { stdout } = await run(process.execPath, knip, { cwd });
  return stdout.split('\n').filter((line) => line.includes(':'));
}

const rooms = ['src', 'src/tasks', 'entities', 'resolvers', 'jobs', 'infra', 'test/support'];

test('a file that nobody imports and an export that nobody uses are found in every room', async () => {
  await inCopy(async (root) => {
    for (const room of rooms) writeFileSync(join(root, room, 'planted.ts'), 'export const planted = 1;\n');
    appendFileSync(join(root, 'src/kernel/errors.ts'), 'export const unused = 1;\nexport interface Unused {}\n');
    const found = await unusedIn(root);
    const planted = [
      ...rooms.map((room) => `${room}/planted.ts: ${room}/planted.ts`),
      'src/kernel/errors.ts: unused',
      'src/kernel/errors.ts: Unused',
    ];
    const own = found.filter((line) => !planted.includes(line));
    expect(own.map((line) => `${line} is used by nobody: name it where it is to be used, or remove it.`)).toEqual([]);
    expect(found.sort()).toEqual(planted.sort());
  });
});
