import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { describeDatabase } from '../../infra/database-docs/describe.js';
import { databaseDocs, pageOf } from '../../infra/database-docs/page.js';
import { openDatabase } from '../../src/services.js';
import { templateDatabase, testConfig } from '../support/config.js';

/** Of the database that has only what migrations made, as its owner sees it. */
async function described() {
  const url = process.env['TEST_DATABASE_SERVER']?.replace(/postgres$/, templateDatabase) ?? '';
  const orm = openDatabase(testConfig({ DATABASE_URL: url }));
  try {
    return await describeDatabase(orm);
  } finally {
    await orm.close(true);
  }
}

test('each table says what its rows and columns are, how long rows are kept and what its indexes are for', async () => {
  const { tables, faults } = await described();
  expect(faults).toEqual([]);
  expect(tables.map(({ path }) => path)).toEqual(expect.arrayContaining(['accounts.account', 'tasks.task']));
});

test('docs/database.md says what the entities and the database are', async () => {
  const { tables } = await described();
  const advice = `${databaseDocs} is not what the entities and the database are: run \`npm run docs:database\`.`;
  expect(readFileSync(databaseDocs, 'utf8') === pageOf(tables) ? '' : advice).toBe('');
});
