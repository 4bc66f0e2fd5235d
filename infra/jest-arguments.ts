import { relative } from 'node:path';
import { buildArgv } from 'jest';

/** What makes a run one of some tests only. */
const selections = ['testNamePattern', 'testPathPatterns', 'onlyChanged', 'findRelatedTests', 'shard', 'listTests'];

/** A test as somebody names it, by the path of its source say, as a pattern of what that is compiled to. */
function patternOf(test: string): string {
  return /\.tsx?$/.test(test) ? relative(process.cwd(), test).replace(/\.tsx?$/, '.js') : test;
}

/**
 * Jest's arguments for those of `npm test`: a whole run goes by groups of files, measures what it covers and fails below
 * the threshold; some tests, or those that run again while somebody works, go file by file and are not measured.
 * @param writeGroups makes the groups, and answers a pattern of their files
 */
export async function jestArguments(given: readonly string[], writeGroups: () => string): Promise<string[]> {
  const options = await buildArgv([...given]);
  const tests = new Set(options._.map(String));
  const isWhole = tests.size === 0 && !options.watchAll && selections.every((name) => !options[name]);
  const translated = given.map((argument) => (tests.has(argument) ? patternOf(argument) : argument));
  return isWhole ? [...translated, '--coverage', '--testMatch', writeGroups()] : translated;
}
