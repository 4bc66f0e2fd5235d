import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { domainOrder } from '../../infra/new-domain/place.js';

const run = promisify(execFile);

test('the rooms keep to their rules', async () => {
  const rooms = ['src', 'entities', 'resolvers', 'jobs', 'infra', 'test', 'generated'];
  const cruiser = ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs'];
  // It ends with the number of its faults; each names the two files and the rule of .dependency-cruiser.cjs.
  const { stdout } = await run(process.execPath, [...cruiser, ...rooms]).catch((error: { stdout: string }) => error);
  expect(stdout).toContain('no dependency violations found');
});

test('the pages name the domains in the order of the rules', () => {
  const order = domainOrder('.');
  const list = order.join(', ');
  expect(list).toMatch(/^accounts, activity, .*assistant/);
  const others = ['README.md', 'docs/architecture.md'].filter(
    (page) => !readFileSync(page, 'utf8').includes(`: ${list}.`),
  );
  expect(others.map((page) => `${page}: the order of domains is ${list}, as in .dependency-cruiser.cjs.`)).toEqual([]);
  const tree = `  ${order.filter((domain) => existsSync(`src/${domain}`)).join(' ')}/ `;
  const advice = `README.md: the tree of rooms has the domains that exist, in their order: \`${tree}\`.`;
  expect(readFileSync('README.md', 'utf8').includes(`\n${tree}`) ? '' : advice).toBe('');
});
