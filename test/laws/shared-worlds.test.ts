import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { staleIn } from '../support/stale.js';

/** Whose tests share a world, which costs a tenth of a second for each: to add one is a decision. The file says why. */
const known = [
  'admin/what-is-typed-wrongly',
  'assistant/injected-instructions',
  'assistant/what-providers-say',
  'graphql/deep-values',
  'graphql/hostile-texts',
  'graphql/literals-of-json',
  'graphql/trusted-documents',
  'http/graphql-requests',
  'http/malformed-bytes',
  'laws/faults-at-the-start',
  'laws/refused-ids',
  'laws/statement-counts',
  'laws/unguarded-operations',
  'operations/ports-and-roles',
  'resilience/through-a-pooler',
  'speech/what-deepgram-says',
  'tasks/forbidden-states',
  'tasks/lists-of-tasks',
  'tasks/searching',
  'tasks/texts-that-people-write',
];

const sharing = globSync('test/**/*.test.{ts,tsx}')
  .map((path) => ({ name: relative('test', path).replace(/\.test\.tsx?$/, ''), text: readFileSync(path, 'utf8') }))
  .filter(({ text }) => /\bshared(:| =) ['"`]/.test(text));

test('the files whose tests share a world are known', () => {
  const names = sharing.map(({ name }) => name);
  const list = '`known` of test/laws/shared-worlds.test.ts';
  const added = names.filter((name) => !known.includes(name));
  expect(added.map((name) => `${name} shares a world: give each test its own, or add it to ${list}.`)).toEqual([]);
  expect(staleIn(list, known, names)).toEqual([]);
});

test('what would make the order of tests matter is not done in a shared world', () => {
  const faults = sharing
    .filter(({ text }) => /\.clock\.(advance|goTo|stopAt)\(|\brunJobs\(/.test(text))
    .map(({ name }) => `${name}: a clock that all tests share is not moved, and jobs look at everybody's rows.`);
  expect(faults).toEqual([]);
});
