import { accountTables } from './account-tables.js';

/** What each file of an export is, and what is not in it. */
export function exportReadme(now: Date): string {
  const exported = accountTables.flatMap((each) => each.exported ?? []);
  const width = Math.max(...exported.map(({ name }) => name.length));
  const files = exported.map(({ name, what }) => `  ${`${name}.json`.padEnd(width + 5)}  ${what}`).sort();
  return `Your account at Perpetua Flow, as it was on ${now.toISOString()}.

Each JSON file is a list with a line for each thing (UTF-8). Moments are in UTC, as in 2026-11-29T08:00:00.000Z.
Things refer to each other by their ids.

${files.join('\n')}

The folder files has your recordings and other files: files/<what for>/<day> <id>.<type>, with the ids of files.json.

Not in here: hashes of tokens, addresses and keys of browsers for pushes, and what our programs keep for themselves, such
as counters and the marks that something is done once.
`;
}
