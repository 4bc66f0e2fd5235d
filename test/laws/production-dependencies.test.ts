import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const {
  dependencies,
  devDependencies,
}: Record<string, Record<string, string>> = JSON.parse(readFileSync('package.json', 'utf8'));

/** The packages that a compiled file imports, and those that it imports of ours do. */
function packagesOf(entry: string, seen = new Map<string, Set<string>>()): Set<string> {
  const packages = new Set<string>();
  seen.set(entry, packages);
  const imported = /^(?:(?:import|export|\}).* from |import )'([^']+)'(?: with .*)?;$|\bimport\('([^']+)'\)/gm;
  for (const [, always, lazily] of readFileSync(entry, 'utf8').matchAll(imported)) {
    const name = always ?? lazily ?? '';
    const file = resolve(dirname(entry), name);
    if (!name.startsWith('.')) packages.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
    else if (!seen.has(file) && existsSync(file)) for (const each of packagesOf(file, seen)) packages.add(each);
  }
  return packages;
}

test('what is imported on the way from main.js is there after npm ci --omit=dev', () => {
  const packages = [...packagesOf('dist/src/main.js')].filter((name) => !name.startsWith('node:'));
  expect(packages).toEqual(expect.arrayContaining(['fastify', 'graphql-jit', 'web-push']));
  const missing = packages.filter((name) => !Object.hasOwn(dependencies ?? {}, name));
  expect(missing.map((name) => `${name}: main.js imports it, so move it to dependencies in package.json.`)).toEqual([]);
});

test('an import of a dependency of development is found', () => {
  const packages = [...packagesOf('dist/src/platform/explorer/unpack-graphiql.js')];
  expect(packages.filter((name) => Object.hasOwn(devDependencies ?? {}, name))).toEqual([
    '@graphql-yoga/render-graphiql',
  ]);
});
