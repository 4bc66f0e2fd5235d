import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

/** Where they are written, below `dist`. The compiler's own files are `.js`. */
export const testGroupsFolder = 'test-groups';

/** Files that run alone: those that take longest, begun before the others, and one that makes its globals a browser's. */
const alone = [
  'tasks/simulated-year',
  'activity/commit-order',
  'assistant/surviving-a-crash',
  'clients/apps-in-a-browser',
  'laws/new-domain',
];

/** Files of one group at most: all groups together still end at nearly the same time. */
const filesOfGroup = 24;
/** Folders of fewer files go together: beginning a group takes as long as their tests. */
const minFiles = 5;

interface Group {
  readonly name: string;
  /** Relative to `dist/test`, without their ending. */
  readonly files: readonly string[];
}

/**
 * The test files in groups by folder, in the order in which they should begin. Jest loads everything anew for each file
 * that it runs, which takes longer than most files' tests; a group is one file to it, and loads everything once.
 */
export function groupsOf(files: readonly string[]): Group[] {
  const together = files.filter((file) => !alone.includes(file));
  const sizes = Map.groupBy(together, dirname);
  const isSmall = (file: string) => (sizes.get(dirname(file))?.length ?? 0) < minFiles;
  const byFolder = Map.groupBy(together, (file) => (isSmall(file) ? 'others' : dirname(file)));
  const groups = [...byFolder].flatMap(([name, members]) =>
    chunksOf(members.toSorted()).map((part) => ({ name, files: part })),
  );
  return [
    ...alone.filter((file) => files.includes(file)).map((file) => ({ name: basename(file), files: [file] })),
    ...groups.sort((a, b) => b.files.length - a.files.length),
  ];
}

/** As many as needed, of about the same size. */
function chunksOf(files: readonly string[]): (readonly string[])[] {
  const count = Math.ceil(files.length / filesOfGroup);
  const size = Math.ceil(files.length / count);
  return Array.from({ length: count }, (_, index) => files.slice(index * size, (index + 1) * size));
}

/**
 * Writes each group of the compiled tests below `dist` as a file that has its members as blocks, named as they are.
 * Answers a pattern of the files written.
 */
export function writeTestGroups(dist: string): string {
  const tests = join(dist, 'test');
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => file.replace(/\.test\.js$/, ''));
  rmSync(join(dist, testGroupsFolder), { recursive: true, force: true });
  mkdirSync(join(dist, testGroupsFolder));
  for (const [index, { name, files: members }] of groupsOf(files).entries()) {
    const place = String(index).padStart(2, '0');
    writeFileSync(join(dist, testGroupsFolder, `${place}-${name}.test.mjs`), textOf(members));
  }
  return `**/${relative(process.cwd(), dist)}/${testGroupsFolder}/*.test.mjs`;
}

function textOf(files: readonly string[]): string {
  const blocks = files.map((file) => `describe('${file}', () => void require('../test/${file}.test.js'));`);
  return `import { createRequire } from 'node:module';
import { describe } from '@jest/globals';

const require = createRequire(import.meta.url);

${blocks.join('\n')}
`;
}
