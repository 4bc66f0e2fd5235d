import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';

/** Logs until its reader is gone, and then ends as `main.js` does, with lines that are still pending. */
const script = `
  import { createLog, flushed } from './dist/src/platform/log.js';
  const log = createLog('info');
  process.once('SIGTERM', async () => {
    log.info('stopped');
    await flushed(log);
    process.exit(0);
  });
  setInterval(() => log.info('x'.repeat(10_000)), 10);`;

test('a process whose log has lost its reader ends all the same', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
