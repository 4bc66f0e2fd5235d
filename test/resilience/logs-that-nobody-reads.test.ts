import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';

/** Logs until its reader is gone, and then ends as `main.js` does, with lines that are still pending. */
const script = `
  import { createLog, endProcess } from './dist/src/platform/log.js';
  const log = createLog('info');
  process.once('SIGTERM', () => {
    log.info('stopped');
    void endProcess(0);
  });
  setInterval(() => log.info('x'.repeat(10_000)), 10);`;

/** Where in its work a process is when it hears of its end differs. */
test('processes whose log has lost its reader end all the same', async () => {
  const codes = Array.from({ length: 6 }, async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.kill('SIGTERM');
    return exited;
  });
  expect(await Promise.all(codes)).toEqual(codes.map(() => [0, null]));
});

test('what was logged last is written before the process ends', async () => {
  const last = `
    import { createLog, endProcess } from './dist/src/platform/log.js';
    const log = createLog('info');
    log.info('x'.repeat(1_000_000));
    log.info('the last');
    void endProcess(3);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', last], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  expect(await exited).toEqual([3, null]);
  expect(lines.map((line) => JSON.parse(line).msg.slice(0, 8))).toEqual(['xxxxxxxx', 'the last']);
});
