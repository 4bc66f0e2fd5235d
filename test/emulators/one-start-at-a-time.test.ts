import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { localFiles } from '../../infra/local-files.js';
import { eventually } from '../support/harness.js';

const emulators = ['GOOGLE', 'OPENAI', 'DEEPGRAM', 'CHECKOUT', 'PUSH'].map((name) => `${name}_EMULATOR_PORT`);
const ports = ['PORT', 'EMBEDDED_POSTGRES_PORT', ...emulators];
const env = { PATH: process.env['PATH'], ...Object.fromEntries(ports.map((name) => [name, '0'])) };
const program = resolve('dist/infra/dev.js');

/** Starts a server in a folder, which must fail, and answers how. */
function failureOf(cwd: string, own: Record<string, string>) {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; said: string }>();
  execFile(process.execPath, [program], { cwd, env: { ...env, ...own } }, (error, stdout, stderr) =>
    resolve({ code: error?.code, said: stdout + stderr }),
  );
  return promise;
}

test('a folder has one start at a time, which takes that of a process that is gone and ends with its database', async () => {
  const root = mkdtempSync(join(tmpdir(), 'start-'));
  // PostgreSQL's own user has to pass through, where root starts it.
  chmodSync(root, 0o755);
  const inRoot = (file: string) => join(root, file);
  mkdirSync(inRoot('.local'));
  // Linux gives no process a number as high as that.
  writeFileSync(inRoot(`${localFiles.ready}.owner`), '4194304 1');
  const first = spawn(process.execPath, [program], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(first, 'exit');
  let said = '';
  first.stderr.on('data', (chunk) => {
    said += chunk;
  });
  try {
    await eventually(
      () => existsSync(inRoot(localFiles.ready)) || first.exitCode !== null,
      (isReady) => isReady,
    );
    const ready = readFileSync(inRoot(localFiles.ready), 'utf8');
    const second = await failureOf(root, { EMBEDDED_POSTGRES_FOLDER: 'second' });
    expect(second).toEqual({
      code: 1,
      said: expect.stringMatching(/^A server runs .* already: .* Stop it first: .*\n$/),
    });
    expect(second.said).toContain(`process ${first.pid}.`);
    expect(readFileSync(inRoot(localFiles.ready), 'utf8')).toBe(ready);
    expect(existsSync(inRoot('second'))).toBe(false);

    process.kill(Number(readFileSync(inRoot('.local/postgres/postmaster.pid'), 'utf8').split('\n')[0]), 'SIGINT');
    const [code] = await exited;
    expect([code, said]).toEqual([
      1,
      expect.stringContaining('PostgreSQL, which this had started, has ended by itself'),
    ]);
    expect(existsSync(inRoot(localFiles.ready))).toBe(false);
  } finally {
    first.kill('SIGTERM');
    await exited;
    rmSync(root, { recursive: true });
  }
});
