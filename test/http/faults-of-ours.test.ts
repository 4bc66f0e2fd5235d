import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';

/** Runs a process as ours are run, in which something goes wrong after a moment. */
async function endOf(fault: string): Promise<{ code: unknown; lines: string[] }> {
  const script = `
    import { setTimeout as pause } from 'node:timers/promises';
    import { runUntilSignal } from './dist/src/platform/lifetime.js';
    const tell = (level) => ({ error }, message) => console.log(level, error.message);
    const close = async () => { await pause(20); console.log('closed'); };
    const count = (fault) => console.log(fault);
    ${fault}
    const code = await runUntilSignal(close, { error: tell('error'), fatal: tell('fatal') }, count);
    process.exit(code);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, lines: output.trim().split('\n') };
}

test('an exception that nobody caught is logged and counted, what runs is finished, and the process ends with 1', async () => {
  const fault = `setTimeout(() => { throw new Error('first'); }, 1);`;
  expect(await endOf(fault)).toEqual({ code: 1, lines: ['uncaught_exception', 'fatal first', 'closed'] });
});

test('a second one ends it at once', async () => {
  const fault = `setTimeout(() => { setTimeout(() => { throw new Error('second'); }); throw new Error('first'); }, 1);`;
  expect(await endOf(fault)).toEqual({
    code: 1,
    lines: ['uncaught_exception', 'fatal first', 'uncaught_exception', 'fatal second'],
  });
});

test('a promise that nobody awaited is logged and counted, and the process goes on until it is told to end', async () => {
  const fault = `
    setInterval(() => undefined, 1_000);
    setTimeout(() => Promise.reject(new Error('alone')), 1);
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);`;
  expect(await endOf(fault)).toEqual({ code: 0, lines: ['unhandled_rejection', 'error alone', 'closed'] });
});
