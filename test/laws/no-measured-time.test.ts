import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** What reads a stopwatch. A moment that the product is given is none. */
const stopwatch = /performance\.now\(|process\.hrtime|Date\.now\(\)\s*-|\.getTime\(\)\)\.toBeLess/;

/** Whatever else runs on the machine makes these only slower, and they ask for no less than a time. */
const exceptions = new Set(['resilience/lost-connections.test.ts']);

function measuring(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !exceptions.has(file) && !file.endsWith('no-measured-time.test.ts'))
    .filter((file) => stopwatch.test(readFileSync(join(root, file), 'utf8')))
    .map((file) => `${file} measures time: wait for a condition (\`eventually\`), and move the budget to infra/bench.`);
}

test('no test measures how long something takes', () => {
  expect(measuring('test')).toEqual([]);
});

test('one that does is found', () => {
  const root = mkdtempSync(join(tmpdir(), 'measuring-'));
  try {
    writeFileSync(join(root, 'planted.test.ts'), 'const startedAt = performance.now();');
    writeFileSync(join(root, 'sound.test.ts'), 'const at = world.clock.now();');
    expect(measuring(root)).toEqual([expect.stringMatching(/^planted.test.ts measures time/)]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
