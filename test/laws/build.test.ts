import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { jestArguments } from '../../infra/jest-arguments.js';
import { inCopy } from '../support/repository-copy.js';

const run = promisify(execFile);
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));

test('whatever runs compiled code builds before', () => {
  const compiled = Object.keys(scripts).filter((name) => /\bdist\/|jest/.test(scripts[name] ?? '') && name !== 'build');
  expect(compiled).toContain('test');
  const builds = (name: string) => /npm run (--silent )?build/.test(`${scripts[`pre${name}`]} ${scripts[name]}`);
  const stale = compiled.filter((name) => !builds(name));
  expect(stale.map((name) => `npm run ${name} runs old code: add "pre${name}" to package.json, which builds.`)).toEqual(
    [],
  );
});

test('what was made of a source file that is gone is gone after the next build', async () => {
  await inCopy(
    async (root) => {
      const build = () => run('npm', ['run', '--silent', 'build'], { cwd: root });
      const planted = ['test/laws/planted.test', 'infra/seed/planted', 'src/notes/planted'];
      const source = (name: string) => join(root, `${name}.ts`);
      const output = (name: string) => join(root, 'dist', `${name}.js`);
      const map = (name: string) => `${output(name)}.map`;
      for (const folder of ['test/laws', 'infra/seed', 'src/notes']) mkdirSync(join(root, folder), { recursive: true });
      for (const name of planted) writeFileSync(source(name), 'export const planted = 1;\n');
      await build();
      expect(planted.filter((name) => existsSync(output(name)) && existsSync(map(name)))).toEqual(planted);
      for (const name of planted) rmSync(source(name));
      await build();
      expect(planted.filter((name) => existsSync(output(name)) || existsSync(map(name)))).toEqual([]);
      expect(existsSync(join(root, 'dist/src/notes'))).toBe(false);
      expect(existsSync(join(root, 'dist/infra/prune-dist.js'))).toBe(true);
    },
    ['package.json', 'tsconfig.json', 'infra/prune-dist.ts'],
  );
});

test('the whole suite runs in random order and fails below 95 % of the statements of all rooms that are shipped', async () => {
  const { default: config }: { default: unknown } = await import(pathToFileURL(resolve('jest.config.js')).href);
  expect(await jestArguments(['--ci'], () => '')).toContain('--coverage');
  expect(config).toMatchObject({
    randomize: true,
    coverageThreshold: { global: { statements: 95 } },
    collectCoverageFrom: ['dist/{src,entities,resolvers,jobs}/**/*.js'],
  });
});
