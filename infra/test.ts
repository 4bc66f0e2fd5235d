import { spawn } from 'node:child_process';
import { run } from 'jest';
import { jestArguments } from './jest-arguments.js';
import { writeTestGroups } from './test-groups.js';

/** The compiler beside Jest, which runs again whatever has been compiled. It ends with this process. */
function compileOnChange(): void {
  const compiler = spawn('node_modules/.bin/tsc', ['--watch', '--preserveWatchOutput'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.once('exit', () => compiler.kill());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

const given = process.argv.slice(2);
if (given.includes('--watchAll')) compileOnChange();
await run(await jestArguments(given, () => writeTestGroups('dist')));
