import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'));
const markdown = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const documents = [...markdown('.'), ...markdown('docs'), 'infra/emulators/README.md'];

/** What exists only after a start, a build or a test. */
const made = /^(\.env|\.local|dist|coverage)(\/|$)/;
/** Folders and files of the root, by which a path is told from other words with a slash. */
const roots = readdirSync('.');

/** Paths that a text names: in backticks, in links, and in the tree of rooms, each from the repository's root. */
function pathsOf(text: string, folder: string): string[] {
  const quoted = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)].map(([, path = '']) => path);
  const words = text.matchAll(/(?<![\w/.-])(?:[\w-]+\/)+[\w.-]+\.(?:ts|tsx|graphql|md|json|txt|yaml|cjs)\b/g);
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => join(folder, path));
  const named = [...quoted, ...[...words].map(([path]) => path)].filter(
    (path) => roots.includes(path.split('/')[0] ?? '') && path.includes('/'),
  );
  return [...named, ...links, ...roomsOf(text)].filter((path) => !made.test(path) && !path.startsWith('..'));
}

/**
 * The files and folders in the tree of README's rooms: what stands before a gap of two spaces, and the files that are
 * named behind it, each beside the one before.
 */
function roomsOf(text: string): string[] {
  const [, tree = ''] = /```\nsrc\/\n([\s\S]*?)```/.exec(text) ?? [];
  return tree.split('\n').flatMap((line) => {
    const folder = line.startsWith('  ') ? 'src' : '.';
    const [names = '', meaning] = line.trim().split(/ {2,}/);
    if (meaning === undefined) return [];
    const rooms = names
      .split(' ')
      .filter((name) => /^[\w-]+(?:\/[\w-]+)*(\.ts|\/)?$/.test(name))
      .map((name) => join(folder, name));
    const [room = folder] = rooms;
    let beside = room.endsWith('.ts') ? dirname(room) : room;
    const files = [...meaning.matchAll(/(?<![\w/*<>-])[\w-]+(?:\/[\w-]+)*\.ts\b/g)].map(([name]) => {
      const [first = ''] = name.split('/');
      const path = join(roots.includes(first) ? '.' : name.includes('/') ? folder : beside, name);
      beside = dirname(path);
      return path;
    });
    return [...rooms, ...files];
  });
}

test.each(documents)('every path that %s names exists', (document) => {
  const missing = pathsOf(readFileSync(document, 'utf8'), dirname(document)).filter((path) => !existsSync(path));
  expect(missing.map((path) => `${document} names ${path}, which does not exist.`)).toEqual([]);
});

test.each(documents)('every command that %s names exists', (document) => {
  const named = [...readFileSync(document, 'utf8').matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !(name in scripts)).map((name) => `npm run ${name} does not exist.`)).toEqual([]);
});

test('a path that is gone is found, wherever it stands', () => {
  const text =
    'See `src/gone.ts`, [it](gone.md), `resolvers/tasks/gone/` and test/gone.ts.\n```\nsrc/\n  gone.ts app.ts   x: lost.ts\njobs/  y\n```';
  const missing = pathsOf(text, 'docs').filter((path) => !existsSync(path));
  expect([...new Set(missing)].sort()).toEqual(
    ['docs/gone.md', 'resolvers/tasks/gone/', 'src/gone.ts', 'src/lost.ts', 'test/gone.ts'].sort(),
  );
});
