import TestSequencer from '@jest/test-sequencer';

/** Files that take longest, longest first: begun last, one of them would keep a worker busy while the other waits. */
const longest = [
  'tasks/simulated-year',
  'activity/commit-order',
  'graphql/compiled-operations',
  'assistant/surviving-a-crash',
  'achievements/random-histories',
  'achievements/streaks',
];

/**
 * Jest's own order knows only what this machine has run before, and a fresh clone has run nothing. Plain JavaScript,
 * since the package's types say otherwise than its ES module.
 */
export default class LongestFirst extends TestSequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return [...sorted].sort((a, b) => placeOf(a.path) - placeOf(b.path));
  }
}

function placeOf(path) {
  const place = longest.findIndex((name) => path.endsWith(`${name}.test.js`));
  return place < 0 ? longest.length : place;
}
