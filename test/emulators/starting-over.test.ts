import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { localFiles } from '../../infra/local-files.js';
import { claim } from '../../infra/postgres/claim.js';

const run = promisify(execFile);

test('a reset refuses while the server runs, and then removes what it keeps and nothing else', async () => {
  const root = mkdtempSync(join(tmpdir(), 'reset-'));
  const inRoot = (file: string) => join(root, file);
  const reset = () => run(process.execPath, [resolve('dist/infra/reset.js')], { cwd: root, env: {} });
  try {
    mkdirSync(inRoot('.local'));
    const own = ['.local/notes.txt', 'package.json'];
    const kept = Object.values(localFiles);
    for (const file of [...own, ...kept]) writeFileSync(inRoot(file), '');
    const release = claim(inRoot(localFiles.ready));
    await expect(reset()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Stop it first') });
    expect([...own, ...kept].filter((file) => !existsSync(inRoot(file)))).toEqual([]);
    release();
    await reset();
    expect([...own, ...kept].filter((file) => existsSync(inRoot(file)))).toEqual(own);
  } finally {
    rmSync(root, { recursive: true });
  }
});
